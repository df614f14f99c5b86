"""The gallery's forms: they check what was sent; `gallery.services` acts on it."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import NAME_LENGTH, User
from gallery.models import ABOUT_LENGTH, MOST_TAGS, TAG_LENGTH, Artwork, Profile, Reason, Visibility
from gallery.services import Caption
from transfer.fields import PictureField

PRIVATE = "private"
COMMAS = re.compile(r"[,，、;；\n]")


class TagsField(forms.CharField):
    """Words with commas between them; its cleaned value is their list, in lower case, each once."""

    default_error_messages = {
        "too_many": ngettext_lazy("At most %(most)d tag.", "At most %(most)d tags.", "most"),
        "too_long": ngettext_lazy(
            "A tag has at most %(length)d character.", "A tag has at most %(length)d characters.", "length"
        ),
    }

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        plain = unicodedata.normalize("NFKC", super().clean(value)).lower()
        tags = list(dict.fromkeys(tag for part in COMMAS.split(plain) if (tag := " ".join(part.strip(" #").split()))))
        if len(tags) > MOST_TAGS:
            raise forms.ValidationError(self.error_messages["too_many"], params={"most": MOST_TAGS})
        if any(len(tag) > TAG_LENGTH for tag in tags):
            raise forms.ValidationError(self.error_messages["too_long"], params={"length": TAG_LENGTH})
        return tags


class PublishForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    description = forms.CharField(
        label=_("Description"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    tags = TagsField(
        label=_("Tags"), max_length=400, required=False, help_text=_("Separated by commas: harbour, night, blue")
    )
    visibility = forms.ChoiceField(
        label=_("Who can find it"), choices=Visibility.choices, initial=Visibility.PUBLIC, required=False
    )
    share_photo = forms.BooleanField(label=_("Also show the photo, and how it became the painting"), required=False)

    def clean_visibility(self) -> str:
        return self.cleaned_data["visibility"] or Visibility.PUBLIC

    @property
    def caption(self) -> Caption:
        return Caption(**self.cleaned_data)


class EditForm(PublishForm):
    """What may be changed later; `private` takes the work back."""

    visibility = forms.ChoiceField(
        label=_("Who can find it"),
        choices=[*Visibility.choices, (PRIVATE, _("Private: take it back from the gallery"))],
    )

    @classmethod
    def of(cls, artwork: Artwork) -> EditForm:
        return cls(
            initial={
                "title": artwork.title,
                "description": artwork.description,
                "tags": ", ".join(tag.name for tag in artwork.tags.all()),
                "visibility": artwork.visibility,
                "share_photo": artwork.photo_id is not None,
            }
        )


class BrowseForm(forms.Form):
    """What an address may ask of the gallery."""

    sort = forms.ChoiceField(choices=[(sort, sort) for sort in ("newest", "trending", "liked")], required=False)
    q = forms.CharField(max_length=100, required=False)
    style = forms.SlugField(required=False)
    tag = forms.CharField(max_length=TAG_LENGTH, required=False)
    artist = forms.CharField(max_length=150, required=False)

    def clean_tag(self) -> str:
        return self.cleaned_data["tag"].lower()


class CollectionForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    is_public = forms.BooleanField(label=_("Everyone may see it"), required=False)


class PlainName(forms.CharField):
    """A name on one line, without signs that nobody sees or that turn what stands beside it around."""

    def to_python(self, value: Any) -> str:
        name = " ".join((super().to_python(value) or "").split())
        return "".join(sign for sign in name if sign.isprintable())

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value.lower() in settings.ACCOUNT_USERNAME_BLACKLIST:
            raise forms.ValidationError(_("This name is the site's own."), code="reserved")


class ProfileForm(forms.Form):
    """What others see of somebody."""

    name = PlainName(
        label=_("Display name"),
        help_text=_("Shown beside your works. Leave it empty to use your user name, which stays in addresses."),
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    about = forms.CharField(
        label=_("About you"), max_length=ABOUT_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    avatar = PictureField(
        label=_("Profile picture"), help_text=_("Cropped to a circle from its middle."), required=False
    )
    remove_avatar = forms.BooleanField(label=_("Show your initials instead of the picture"), required=False)

    @classmethod
    def of(cls, person: User, profile: Profile | None) -> ProfileForm:
        return cls(initial={"name": person.name, "about": profile.about if profile else ""})


class ReportForm(forms.Form):
    reason = forms.ChoiceField(label=_("What is wrong?"), choices=Reason.choices, widget=forms.RadioSelect)
    comment = forms.CharField(
        label=_("What should the moderators know?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("Why it should be looked at again"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
