"""Pictures side by side on one sheet."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageOps

# Pixels between the pictures, and above them for their names.
GAP, HEADER = 6, 22
# An inset's share of the picture's width, and its frame in pixels.
INSET, FRAME = 1 / 4, 3


def sheet(names: Sequence[str], rows: Sequence[Sequence[Image.Image]], side: int) -> Image.Image:
    """Rows of pictures brought to a long side of `side` pixels, under the names of the columns."""
    reduced = [[ImageOps.contain(picture, (side, side)) for picture in row] for row in rows]
    heights = [max(picture.height for picture in row) + GAP for row in reduced]
    drawn = Image.new("RGB", (len(names) * (side + GAP) + GAP, HEADER + sum(heights)), "white")
    pen = ImageDraw.Draw(drawn)
    for column, name in enumerate(names):
        left, top = GAP + column * (side + GAP), HEADER
        pen.text((left + side / 2, HEADER / 2), name, "black", anchor="mm", font_size=13)
        for row, height in zip(reduced, heights, strict=True):
            drawn.paste(row[column], (left + (side - row[column].width) // 2, top))
            top += height
    return drawn


def with_inset(picture: Image.Image, inset: Image.Image) -> Image.Image:
    """The picture with a small one in its lower left corner."""
    both = picture.copy()
    side = round(INSET * picture.width)
    small = ImageOps.expand(ImageOps.contain(inset, (side, side)), FRAME, "white")
    both.paste(small, (0, picture.height - small.height))
    return both
