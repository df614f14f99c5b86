from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransferConfig(AppConfig):
    name = "transfer"
    verbose_name = _("style transfer")

    def ready(self) -> None:
        from transfer.files import delete_files_with_rows_of
        from transfer.models import Job, Photo, Style

        for model in (Photo, Style, Job):
            delete_files_with_rows_of(model)
