"""The generator in the box: trained by this project's own code on pictures drawn by its own code, so that a painting
can start from a generator in the first minute.

`python -m transfer.starter_generator --help` tells how it was made, and makes the pictures anew.
"""

from __future__ import annotations

from pathlib import Path

MODEL = Path(__file__).parent / "starter.safetensors"
SLUG = "brushwork"


def _(text: str) -> str:
    """Marks a text for translation where it is shown. Django's own marker would ask for settings first."""
    return text


NAME = _("Brushwork")
DATA = _("Pictures in the manner of the twelve starter styles, drawn by the project's own code")
LICENCE = "MIT"
