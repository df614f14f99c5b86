"""How much memory an evaluation takes: `python -m benchmarks.memory --size 2048 --tile 1024`.

Prints the peak of the resident memory over that before the painting, in MB and in bytes a pixel, after one step at
`--size`, and what `ml.memory` predicts. One size a run: a peak does not go down again.
"""

from __future__ import annotations

import argparse
import resource
import time

import ml
from benchmarks.stylize import drawn
from ml.canvas import Canvas
from ml.memory import BASE_BYTES, needed
from ml.objective import Objective
from ml.pyramid import fitted, resampled
from ml.tensors import to_tensor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1024)
    parser.add_argument("--tile", type=int, help="side of a tile; without, the picture is looked at as a whole")
    parser.add_argument("--precision", default="auto")
    chosen = parser.parse_args()
    network = ml.load_network(device="cpu", precision=chosen.precision)
    before = peak()
    content, style = drawn(seed=1), drawn(seed=2, width=512, height=384)
    photo = to_tensor(resampled(content, fitted(content.size, chosen.size)))
    most = chosen.tile**2 if chosen.tile else None
    objective = Objective(network, photo, [(1.0, to_tensor(style))], ml.Settings(), most_pixels=most)
    canvas = Canvas(photo)
    started = time.perf_counter()
    canvas.take(objective.evaluate(canvas.proposal))
    seconds, taken = time.perf_counter() - started, peak() - before
    pixels = canvas.height * canvas.width
    seen = max(tile.pixels_seen for tile in objective.tiles)
    predicted = needed(pixels, seen, network.precision) - BASE_BYTES[network.precision]
    print(f"{chosen.size} px, {len(objective.tiles)} tiles, {network.precision}: {seconds:.1f} s")
    print(f"taken {taken / 2**20:.0f} MB, {taken / pixels:.0f} bytes a pixel; predicted {predicted / 2**20:.0f} MB")


def peak() -> int:
    """The highest resident memory of this process so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main()
