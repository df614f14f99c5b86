"""Form fields of the studio."""

from __future__ import annotations

from typing import Any

from django import forms

from transfer.models import Photo
from transfer.sample_photos import SamplePhoto, sample_photo
from transfer.sliders import HIGH, LOW, MIDDLE
from transfer.uploads import decode_upload


class PictureField(forms.FileField):
    """A file that decodes to a picture; its cleaned value is the decoded image, not the file."""

    widget = forms.FileInput(attrs={"accept": "image/*"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = forms.Field.clean(self, data)
        return decode_upload(file) if file else None


class PhotoChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of somebody's photos by its id, or a sample photo by its slug; its cleaned value is a `Photo` or a
    `SamplePhoto`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Photo.objects.none(), empty_label=None, **options)

    def to_python(self, value: Any) -> Photo | SamplePhoto | None:
        return sample_photo(value) or super().to_python(value)  # type: ignore[no-any-return]


class Slider(forms.NumberInput):
    input_type = "range"


def slider(label: Any) -> forms.FloatField:
    """A place on one of the studio's sliders; see `transfer.sliders`."""
    return forms.FloatField(
        label=label,
        min_value=LOW,
        max_value=HIGH,
        step_size=1,
        initial=MIDDLE,
        required=False,
        widget=Slider,
    )
