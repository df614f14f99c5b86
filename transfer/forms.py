"""The studio's forms: they check what was sent; `transfer.services` acts on it."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from transfer.fields import PhotoChoice, PictureField, slider
from transfer.models import Colours, Generator, Init, Job, Photo, Preset, Style
from transfer.models.paints import LEAST_WEIGHT, MOST_STYLES, MOST_WEIGHT
from transfer.orders import LARGEST_SEED, PRESET_SIZES, SIZES, drawn_seed
from transfer.services import Ingredient
from transfer.sliders import MIDDLE, brush_at, strength_at

NAME_LENGTH = 80
PRESET_HINTS = {
    Preset.DRAFT: _("256 px, a quick look"),
    Preset.STANDARD: _("512 px, for screens and sharing"),
    Preset.FINE: _("1024 px, slow and detailed"),
}
SHARES = [("0.3", _("Hint")), ("0.5", _("Half")), ("1.0", _("Whole"))]


class StyleForm(forms.Form):
    """Add a picture to one's own style library."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    image = PictureField(label=_("Picture"))


def size_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("Long side"),
        choices=[("", _("As the quality says")), *((size, f"{size} px") for size in SIZES)],
        coerce=int,
        empty_value=None,
        required=False,
    )


class EstimateForm(forms.Form):
    """As much of the studio's form as decides how long a painting takes."""

    photo = PhotoChoice(required=False)
    preset = forms.ChoiceField(choices=Preset.choices)
    size = size_field()

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo"].queryset = Photo.objects.filter(owner=user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        return settled_size(super().clean() or self.cleaned_data)


class StudioForm(forms.Form):
    """A photo (new, earlier or one of the samples), up to four styles (new or from the library) and the settings of one
    job. For a style that is chosen, `weight-ID` is its weight beside the others and `mask-ID` where it is painted."""

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    photo_file = PictureField(label=_("New photo"), required=False)
    photo = PhotoChoice(label=_("Photo"), required=False, widget=forms.RadioSelect)
    style_file = PictureField(label=_("New style picture"), required=False)
    style = forms.ModelMultipleChoiceField(
        Style.objects.none(), label=_("Style"), required=False, widget=forms.CheckboxSelectMultiple
    )
    preset = forms.ChoiceField(
        label=_("Quality"), choices=Preset.choices, initial=Preset.STANDARD, widget=forms.RadioSelect
    )
    size = size_field()
    strength = slider(_("Style strength"))
    brush = slider(_("Brush size"))
    colours = forms.ChoiceField(
        label=_("Colours"), choices=Colours.choices, initial=Colours.STYLE, widget=forms.RadioSelect, required=False
    )
    init = forms.ChoiceField(
        label=_("Start from"), choices=Init.choices, initial=Init.PHOTO, widget=forms.RadioSelect, required=False
    )
    generator = forms.ModelChoiceField(
        Generator.objects.none(), label=_("Generator"), required=False, widget=forms.RadioSelect, empty_label=None
    )
    gan_strength = forms.TypedChoiceField(
        label=_("Its share in the start"),
        help_text=_(
            "The rest is your photo. The more of it, the freer the painting, and the more another seed changes it."
        ),
        choices=SHARES,
        coerce=float,
        initial="0.5",
        widget=forms.RadioSelect,
        required=False,
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        help_text=_("The same seed paints the same picture. Leave it empty for a new one."),
        min_value=0,
        max_value=LARGEST_SEED,
        required=False,
    )
    # An earlier painting whose regions shall be painted again.
    regions_of = forms.ModelChoiceField(Job.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo"].queryset = Photo.objects.filter(owner=user)  # type: ignore[attr-defined]
        self.fields["style"].queryset = Style.objects.offered_to(user)  # type: ignore[attr-defined]
        self.fields["regions_of"].queryset = Job.objects.filter(owner=user)  # type: ignore[attr-defined]
        self.generators = Generator.objects.published()
        self.fields["generator"].queryset = self.generators  # type: ignore[attr-defined]
        if not self.generators.exists():
            starts = [choice for choice in Init.choices if choice[0] != Init.GAN]
            self.fields["init"].choices = starts  # type: ignore[attr-defined]

    def clean_style(self) -> list[Style]:
        """In the order in which they were sent, which the page makes the order in which they were chosen."""
        chosen = {str(style.pk): style for style in self.cleaned_data["style"]}
        return [chosen[pk] for pk in dict.fromkeys(map(str, self["style"].data or [])) if pk in chosen]

    def clean_colours(self) -> str:
        return self.cleaned_data["colours"] or Colours.STYLE

    def clean_init(self) -> str:
        return self.cleaned_data["init"] or Init.PHOTO

    def clean_gan_strength(self) -> float:
        return self.cleaned_data["gan_strength"] or 0.5

    def clean_seed(self) -> int:
        seed = self.cleaned_data["seed"]
        return drawn_seed() if seed is None else seed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._require_one_of("photo_file", "photo", _("Choose a photo."))
        self._require_one_of("style_file", "style", _("Choose a style."))
        self._limit_styles(cleaned)
        self._settle_generator(cleaned)
        cleaned["style_strength"] = strength_at(_or_middle(cleaned.get("strength")))
        cleaned["brush_size"] = brush_at(_or_middle(cleaned.get("brush")))
        cleaned["mix"] = [self._ingredient(style) for style in cleaned.get("style", [])]
        return settled_size(cleaned)

    def weight_of(self, name: Any) -> int:
        """What the slider of a style says; the middle where there is none."""
        text = str(self.data.get(f"weight-{name}", ""))
        return min(max(int(text), LEAST_WEIGHT), MOST_WEIGHT) if text.isdecimal() else MOST_WEIGHT // 2

    def _ingredient(self, style: Style) -> Ingredient:
        mask = None
        if file := self.files.get(f"mask-{style.pk}"):
            try:
                mask = PictureField(required=False).clean(file)
            except forms.ValidationError as error:
                self.add_error("style", error)
        return Ingredient(style, self.weight_of(style.pk), mask)

    def _limit_styles(self, cleaned: dict[str, Any]) -> None:
        if len(cleaned.get("style", [])) + bool(cleaned.get("style_file")) > MOST_STYLES:
            self.add_error("style", _("Choose at most %(most)d styles.") % {"most": MOST_STYLES})

    def _settle_generator(self, cleaned: dict[str, Any]) -> None:
        """One where the painting starts from it, and none where it does not: the page sends whichever is checked."""
        if cleaned.get("init") != Init.GAN:
            cleaned["generator"] = None
        elif not cleaned.get("generator") and "generator" not in self.errors:
            self.add_error("generator", _("Choose a generator."))

    def _require_one_of(self, new: str, earlier: str, message: Any) -> None:
        if new in self.errors or earlier in self.errors:
            return
        if not self.cleaned_data.get(new) and not self.cleaned_data.get(earlier):
            self.add_error(earlier, message)


def _or_middle(position: float | None) -> float:
    return MIDDLE if position is None else position


def settled_size(cleaned: dict[str, Any]) -> dict[str, Any]:
    """With the preset's size where none is chosen."""
    if not cleaned.get("size") and cleaned.get("preset"):
        cleaned["size"] = PRESET_SIZES[Preset(cleaned["preset"])]
    return cleaned


def upload_limit_megabytes() -> int:
    return int(settings.UPLOAD_MAX_BYTES) // 2**20
