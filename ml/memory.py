"""How much memory a painting takes, known from its pixels before it begins, and how large its tiles may be.

Of several devices the first decides: they share what the layers keep, but the picture, and what the first layers make
in passing, lie there alone.

The figures are peaks of the resident memory over that before, a pixel of the framed picture, measured on a CPU by
`python -m benchmarks.memory` and rounded up.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from traceback import clear_frames

import torch

from ml.devices import Precision
from ml.errors import NotEnoughMemory, is_out_of_memory

# The picture, the optimiser's pairs and vectors, the photo's features, what total variation needs: whatever the tiles.
BYTES_A_PIXEL = 800
# What an evaluation takes at its peak, a pixel seen at once, and how much of that the layers keep for their way back.
BYTES_A_SEEN_PIXEL = {Precision.BF16: 1350, Precision.FP32: 3250}
KEPT = 0.33
# PyTorch itself, the network (in float32 with Winograd's kernels beside its own), the Gram matrices of all windows.
BASE_BYTES = {Precision.BF16: 800 * 2**20, Precision.FP32: 1150 * 2**20}
# Smaller tiles would see more of their surroundings than of themselves.
SMALLEST_TILE = 384**2
# The share of a machine's memory that one painting may take unasked.
SHARE = 0.6
# A container's limit, by the second and the first version of Linux's control groups.
LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def needed(pixels: int, seen: int, precision: Precision) -> int:
    """Bytes for a painting of `pixels` that looks at `seen` of them at once."""
    return BASE_BYTES[precision] + pixels * BYTES_A_PIXEL + seen * BYTES_A_SEEN_PIXEL[precision]


def most_pixels(pixels: int, memory: int, precision: Precision, devices: Sequence[torch.device]) -> int:
    """How many of a painting's `pixels` may be looked at at once within `memory` bytes, of which each of `devices` has
    its share; never fewer than a small tile has, because a painting that is a little larger than its share is better
    tried than refused."""
    left = memory // len(set(devices)) - needed(pixels, 0, precision)
    return max(SMALLEST_TILE, int(left / _a_seen_pixel_on_the_first(devices, precision)))


def check_it_fits(pixels: int, devices: Sequence[torch.device], precision: Precision) -> None:
    """Raises NotEnoughMemory where a painting of `pixels` takes more than there is, in the smallest of tiles."""
    seen = min(pixels, SMALLEST_TILE)
    least = needed(pixels, 0, precision) + seen * _a_seen_pixel_on_the_first(devices, precision)
    there_is = _on_each(devices)
    if least > there_is:
        raise NotEnoughMemory(
            f"{pixels:,} pixels take {least / 2**30:.1f} GiB at least, and there are {there_is / 2**30:.1f}"
        )


def _a_seen_pixel_on_the_first(devices: Sequence[torch.device], precision: Precision) -> float:
    return BYTES_A_SEEN_PIXEL[precision] * (1 - KEPT + KEPT / len(set(devices)))


@contextmanager
def shortage_in_words() -> Iterator[None]:
    """Raises NotEnoughMemory where PyTorch runs out of it, and lets go of what had been made until then."""
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        clear_frames(error.__traceback__)
        raise NotEnoughMemory("the memory did not suffice for this size of picture") from error


def usable(devices: Sequence[torch.device]) -> int:
    """Bytes that one painting may take on `devices`, as much on each, where nobody says."""
    return int(SHARE * len(set(devices)) * _on_each(devices))


def _on_each(devices: Sequence[torch.device]) -> int:
    return min(map(_there_is, devices))


def _there_is(device: torch.device) -> int:
    """Bytes that this process can have: of a GPU what others leave, of the machine what its container may take."""
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        return free + torch.cuda.memory_reserved(device)
    limits = [file.read_text().strip() for file in LIMITS if file.exists()]
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([machine, *(int(limit) for limit in limits if limit != "max")])
