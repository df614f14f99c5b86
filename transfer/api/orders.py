"""What a program asks for: the order of a job, and an estimate of one."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.request import Request

from accounts.rest.fields import Choice, Id, Integer, Number, StrictSerializer
from transfer.masks import picture_of
from transfer.models import Colours, Generator, Init, Photo, Preset, Style
from transfer.models.paints import LEAST_WEIGHT, MOST_STYLES, MOST_WEIGHT
from transfer.orders import (
    BRUSH_SIZES,
    LARGEST_SEED,
    LARGEST_SIZE,
    PRESET_SIZES,
    SMALLEST_SIZE,
    STYLE_STRENGTHS,
    drawn_seed,
)
from transfer.services import Ingredient

KEY_HEADER = "Idempotency-Key"
LONGEST_KEY = 200
# Two people's keys never meet: a submission is one of its owner's.
_KEYS = uuid.UUID("6d1c3f0e-0c0b-5a58-9f5e-0a3c7f2b9d41")


class Chosen(serializers.PrimaryKeyRelatedField):
    """One of the rows that the person who asks may choose from."""

    default_error_messages = {"does_not_exist": _("There is none with this id that you may use.")}

    def __init__(self, model: Any, **options: Any) -> None:
        self.model = model
        super().__init__(queryset=model.objects.none(), pk_field=Id(), **options)

    def run_validation(self, data: Any = empty) -> Any:
        # Forms send an empty text where nothing is chosen; a program that does has lost its id.
        return super().run_validation(data) if data != "" else self.pk_field.run_validation(data)

    def get_queryset(self) -> QuerySet[Any]:
        user = self.context["request"].user
        if self.model is Photo:
            return Photo.objects.filter(owner=user)
        return Style.objects.offered_to(user) if self.model is Style else Generator.objects.published()


class _Sized(StrictSerializer):
    preset = Choice(Preset.choices, default=Preset.STANDARD, help_text="Speed against finish.")
    size = Integer(
        min_value=SMALLEST_SIZE,
        max_value=LARGEST_SIZE,
        required=False,
        help_text="The long side in pixels. Left out, it is what the preset says: 256, 512 or 1024.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {"size": PRESET_SIZES[Preset(attrs["preset"])], **attrs}


class EstimateOrderSerializer(_Sized):
    """As much of an order as decides how long it takes."""

    photo = Chosen(Photo, default=None, allow_null=True, help_text="Left out, one of 4 to 3 is taken.")


class IngredientSerializer(StrictSerializer):
    """One style of a mix, and where it is painted."""

    style = Chosen(Style)
    weight = Integer(
        min_value=LEAST_WEIGHT, max_value=MOST_WEIGHT, default=MOST_WEIGHT // 2, help_text="Beside the others'."
    )
    mask = Chosen(
        Photo,
        default=None,
        allow_null=True,
        help_text="An upload of the photo's proportions, white where the style is painted. Null: everywhere.",
    )


class JobOrderSerializer(_Sized):
    """What shall be painted, in which style, and how."""

    photo = Chosen(Photo)
    style = Chosen(Style)
    mix = IngredientSerializer(
        many=True,
        default=list,
        max_length=MOST_STYLES,
        help_text="Every style, `style` first, where there are several, or where one is not painted everywhere.",
    )
    style_strength = Number(
        min_value=STYLE_STRENGTHS[0], max_value=STYLE_STRENGTHS[1], default=1.0, help_text="1 is balanced."
    )
    brush_size = Number(min_value=BRUSH_SIZES[0], max_value=BRUSH_SIZES[1], default=1.0, help_text="1 is natural.")
    colours = Choice(Colours.choices, default=Colours.STYLE, help_text="Whose colours the painting has.")
    init = Choice(Init.choices, default=Init.PHOTO, help_text="What the painting starts from.")
    generator = Chosen(
        Generator, default=None, allow_null=True, help_text="Needed where `init` is `gan`, and only there."
    )
    gan_strength = Number(
        min_value=0, max_value=1, default=0.5, help_text="The share of the generator's picture in the start."
    )
    seed = Integer(
        min_value=0,
        max_value=LARGEST_SEED,
        required=False,
        help_text="The same seed paints the same picture. Left out, one is drawn.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        starts_from_one = attrs["init"] == Init.GAN
        if starts_from_one and attrs["generator"] is None:
            raise serializers.ValidationError({"generator": _("Choose a generator.")}, "required")
        if attrs["generator"] is not None and not starts_from_one:
            raise serializers.ValidationError({"generator": _("The painting does not start from it.")}, "unused")
        self._check_mix(attrs)
        return attrs if "seed" in attrs else attrs | {"seed": drawn_seed()}

    def _check_mix(self, attrs: dict[str, Any]) -> None:
        styles = [ingredient["style"] for ingredient in attrs["mix"]]
        if styles and styles[0] != attrs["style"]:
            raise serializers.ValidationError({"mix": _("Its first style must be the order's.")}, "invalid")
        if len(set(styles)) < len(styles):
            raise serializers.ValidationError({"mix": _("A style stands in it twice.")}, "invalid")


def ingredient(chosen: dict[str, Any]) -> Ingredient:
    """As the services take it, with the mask's picture."""
    return Ingredient(chosen["style"], chosen["weight"], chosen["mask"] and picture_of(chosen["mask"]))


def submission_of(request: Request) -> tuple[uuid.UUID, str]:
    """The submission that the request's key names, or a new one; and a digest of what is asked for."""
    digest = hashlib.sha256(json.dumps(request.data, sort_keys=True).encode()).hexdigest()
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return uuid.uuid4(), digest
    if not (0 < len(key) <= LONGEST_KEY and key.isprintable() and key.isascii()):
        message = _("The key must have 1 to %(most)d printable ASCII characters.") % {"most": LONGEST_KEY}
        raise serializers.ValidationError({KEY_HEADER: message}, "invalid")
    return uuid.uuid5(_KEYS, key), digest
