"""How much memory a painting takes, known from its pixels before it begins, and how large its tiles may be.

The figures are peaks of the resident memory over that before, a pixel of the framed picture, measured on a CPU by
`python -m benchmarks.memory` and rounded up.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import torch

from ml.devices import Precision

# The picture, the optimiser's pairs and vectors, the photo's features, what total variation needs: whatever the tiles.
BYTES_A_PIXEL = 800
# What an evaluation keeps for its way back, a pixel seen at once.
BYTES_A_SEEN_PIXEL = {Precision.BF16: 1350, Precision.FP32: 3250}
# PyTorch itself, the network, the Gram matrices of all windows.
BASE_BYTES = 800 * 2**20
# Smaller tiles would see more of their surroundings than of themselves.
SMALLEST_TILE = 384**2
# The share of a machine's memory that one painting may take unasked.
SHARE = 0.6


def needed(pixels: int, seen: int, precision: Precision) -> int:
    """Bytes for a painting of `pixels` that looks at `seen` of them at once."""
    return BASE_BYTES + pixels * BYTES_A_PIXEL + seen * BYTES_A_SEEN_PIXEL[precision]


def most_pixels(pixels: int, memory: int, precision: Precision) -> int:
    """How many of a painting's `pixels` may be looked at at once within `memory` bytes; never fewer than a small tile
    has, because a painting that is larger than its memory is better tried than refused."""
    left = memory - needed(pixels, 0, precision)
    return max(SMALLEST_TILE, left // BYTES_A_SEEN_PIXEL[precision])


def usable(devices: Sequence[torch.device]) -> int:
    """Bytes that one painting may take on `devices`, which share it evenly, where nobody says."""
    return len(devices) * min(map(_usable, devices))


def _usable(device: torch.device) -> int:
    if device.type == "cuda":
        _, total = torch.cuda.mem_get_info(device)
        return int(SHARE * total)
    return int(SHARE * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
