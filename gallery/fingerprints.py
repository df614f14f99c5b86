"""What a picture looks like, in 64 bits that stay nearly the same when it is resized, re-encoded or brightened.

The difference hash: the picture in grey, shrunk to 9×8, and of each row whether it grows brighter from one pixel to the
next. Of two pictures, the bits that differ tell how unlike they are; of unrelated ones, half of them do.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

SIDE = 8
# Bits that may differ between a picture and its copies.
ALIKE = 6


def fingerprint(picture: Image.Image) -> str:
    """Sixteen hexadecimal digits."""
    grey = picture.convert("L").resize((SIDE + 1, SIDE), Image.Resampling.LANCZOS)
    bits = np.diff(np.asarray(grey, dtype=np.int16), axis=1) > 0
    return np.packbits(bits).tobytes().hex()


def are_alike(one: str, other: str) -> bool:
    return (int(one, 16) ^ int(other, 16)).bit_count() <= ALIKE
