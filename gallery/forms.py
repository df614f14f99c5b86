from django import forms
from django.utils.translation import gettext_lazy as _


class PublishForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
