"""The form that paints many photos in one style."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from transfer.models import Colours, Photo, Preset, Style
from transfer.services import LARGEST_BATCH


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile[Any]]:
        return [file for file in files.getlist(name) if file]


class FilesField(forms.FileField):
    """Any number of files. They are not looked into here: one that is no picture must not cost the others."""

    widget = ManyFiles(attrs={"accept": "image/*", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        return data or []


class BatchForm(forms.Form):
    """Photos (new and earlier ones), one style, and as much of the settings as suits many photos."""

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    new_photos = FilesField(label=_("New photos"), required=False)
    photos = forms.ModelMultipleChoiceField(Photo.objects.none(), label=_("Earlier photos"), required=False)
    style = forms.ModelChoiceField(
        Style.objects.none(), label=_("Style"), error_messages={"required": _("Choose a style.")}
    )
    preset = forms.ChoiceField(
        label=_("Quality"), choices=Preset.choices, initial=Preset.STANDARD, widget=forms.RadioSelect
    )
    colours = forms.ChoiceField(
        label=_("Colours"), choices=Colours.choices, initial=Colours.STYLE, widget=forms.RadioSelect, required=False
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photos"].queryset = Photo.objects.filter(owner=user)  # type: ignore[attr-defined]
        self.fields["style"].queryset = Style.objects.offered_to(user)  # type: ignore[attr-defined]

    @property
    def chosen_photos(self) -> set[str]:
        """The ids of the earlier photos that are ticked."""
        return {str(value) for value in self["photos"].value() or []}

    def clean_colours(self) -> str:
        return self.cleaned_data["colours"] or Colours.STYLE

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "photos" not in self.errors:
            self._check_number(len(cleaned["new_photos"]) + len(cleaned["photos"]))
        return cleaned

    def _check_number(self, photos: int) -> None:
        if not photos:
            self.add_error("new_photos", _("Choose at least one photo."))
        elif photos > LARGEST_BATCH:
            message = _("These are %(number)d photos. Choose at most %(most)d at once.")
            self.add_error("new_photos", message % {"number": photos, "most": LARGEST_BATCH})
