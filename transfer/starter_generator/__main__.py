"""`python -m transfer.starter_generator FOLDER`: draw the pictures that the generator in the box was trained on.

    python -m transfer.starter_generator var/pictures
    python -m ml train-gan var/pictures -o transfer/starter_generator/starter.safetensors --size 32 --width 48 \\
        --batch 32 --shortest 160 --steps 6000 --evaluate-every 500 --judged 480 --name Brushwork --licence MIT \\
        --data "Pictures in the manner of the twelve starter styles, drawn by the project's own code"
"""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

import numpy as np

from transfer.starter_styles import STARTER_STYLES

SIZE = 512
# Other than the starter styles' own seed: the generator learns their manner and not the very pictures.
SEEDS = range(1, 11)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m transfer.starter_generator",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for style in STARTER_STYLES:
        module = import_module(f"transfer.starter_styles.{style.slug}")
        for seed in SEEDS:
            path = folder / f"{style.slug}-{seed:02}.png"
            module.draw(SIZE, np.random.default_rng(seed)).save(path)
            print(path, flush=True)


if __name__ == "__main__":
    main()
