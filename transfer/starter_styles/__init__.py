"""The starter styles: twelve pictures drawn by this project's own code, for people to paint with from the first minute.

`python -m transfer.starter_styles` draws them anew. Only the catalogue is imported by the site.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

IMAGES = Path(__file__).parent / "images"


def _(text: str) -> str:
    """Marks a text for translation where it is shown. Django's own marker would ask for settings first."""
    return text


@dataclass(frozen=True)
class StarterStyle:
    """A style by its slug, which is also its module's and its picture's name, as the style picker shows it."""

    slug: str
    name: str
    description: str


STARTER_STYLES = (
    StarterStyle("impasto", _("Impasto"), _("Thick oil in whirling strokes")),
    StarterStyle("foam", _("Sea print"), _("Scalloped waves and foam in flat blues")),
    StarterStyle("woodcut", _("Woodcut"), _("Swelling black lines around a red sun")),
    StarterStyle("glass", _("Stained glass"), _("Glowing panes between leads")),
    StarterStyle("points", _("Points"), _("Dots of pure colour in the noonday sun")),
    StarterStyle("ink", _("Ink wash"), _("Peaks in mist on soft paper")),
    StarterStyle("mosaic", _("Mosaic"), _("Small glazed stones in winding courses")),
    StarterStyle("watercolour", _("Watercolour"), _("Wet petals that pool and granulate")),
    StarterStyle("marbling", _("Marbled paper"), _("Colours combed and swirled on water")),
    StarterStyle("papercut", _("Cut paper"), _("Layer upon layer, each with its shadow")),
    StarterStyle("pastel", _("Soft pastel"), _("Chalk hatching at nightfall")),
    StarterStyle("opart", _("Optical waves"), _("Hard-edged bands that bulge and sink")),
)


def image_path(slug: str) -> Path:
    """Where the drawn picture of a style lies."""
    return IMAGES / f"{slug}.jpg"
