from django.apps import AppConfig


class StylesiteConfig(AppConfig):
    name = "stylesite"
