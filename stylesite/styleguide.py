"""The style guide: every token and every component, shown with the very partials that the pages use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from gallery.models import Artwork

TOKENS = settings.BASE_DIR / "static" / "css" / "tokens.css"
TOKEN = re.compile(r"^ {4}--(?P<name>[\w-]+): (?P<value>[^;]+);", re.MULTILINE)
# How the tokens of a kind are told, and what of a sample they are shown by; what none of these tells is a colour.
KINDS = {
    "type": (r"text-|sans$|serif$", _("Type")),
    "space": (r"s\d|gutter$|page$|prose$", _("Spacing")),
    "radius": (r"radius|lift$", _("Corners and shadow")),
    "motion": (r"quick$|slow$", _("Motion")),
    "colour": (r"", _("Colours")),
}


@dataclass(frozen=True)
class Token:
    name: str
    value: str

    @property
    def kind(self) -> str:
        return next(kind for kind, (pattern, _label) in KINDS.items() if re.match(pattern, self.name))


def tokens() -> list[Token]:
    """Those that the stylesheet defines, in its order, so that the guide shows neither fewer nor others."""
    found = TOKEN.finditer(TOKENS.read_text().partition("@media")[0])
    return [Token(match["name"], " ".join(match["value"].split())) for match in found]


class ExampleForm(forms.Form):
    """One field of each sort."""

    title = forms.CharField(label=_("Title"), help_text=_("What the label says."), initial=_("Harbour at dusk"))
    style = forms.ChoiceField(label=_("Style"), choices=[("ink", _("Ink wash")), ("foam", _("Sea print"))])
    description = forms.CharField(label=_("Description"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    strength = forms.FloatField(
        label=_("Style strength"),
        initial=1,
        widget=forms.NumberInput(attrs={"type": "range", "min": 0, "max": 2, "step": 0.1}),
    )
    colours = forms.ChoiceField(
        label=_("Colours"),
        choices=[("style", _("The style’s")), ("photo", _("The photo’s own"))],
        initial="style",
        widget=forms.RadioSelect,
    )
    share = forms.BooleanField(label=_("Show the photo beside it"), required=False)


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """For staff; for others there is no such page."""
    if not request.user.is_staff:
        raise Http404
    return render(request, "styleguide.html", _shown())


def _shown() -> dict[str, Any]:
    refused = ExampleForm({"title": "", "style": "ink", "strength": 2, "colours": "style"})
    refused.is_valid()
    return {
        "tokens": [{"kind": kind, "label": label, "tokens": _of(kind)} for kind, (_pattern, label) in KINDS.items()],
        "schemes": [("light", _("By day")), ("dark", _("By night"))],
        "form": ExampleForm(auto_id="example_%s"),
        "refused": refused,
        "levels": ["info", "success", "warning", "error"],
        "person": SimpleNamespace(display_name="Ada", initials="A"),
        "page": SimpleNamespace(
            number=2,
            has_other_pages=True,
            has_previous=True,
            has_next=True,
            previous_page_number=1,
            next_page_number=3,
            paginator=SimpleNamespace(num_pages=3),
        ),
        "tabs": [{"label": _("Newest"), "address": "#tabs", "is_current": True}]
        + [{"label": label, "address": "#tabs", "is_current": False} for label in (_("Trending"), _("Most liked"))],
        "artwork": Artwork.objects.on_show_to(None).with_prints().first(),
    }


def _of(kind: str) -> list[Token]:
    return [token for token in tokens() if token.kind == kind]
