"""What a terminal or a file is told of a transfer."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import IO

from ml.progress import Progress

Observer = Callable[[Progress], None]

LOGGED = ("step", "scale", "content", "style", "tv", "total")
BAR = 24


def each(observers: Sequence[Observer]) -> Observer:
    """One observer that tells all of them."""

    def observe(progress: Progress) -> None:
        for observer in observers:
            observer(progress)

    return observe


def log_to(file: IO[str]) -> Observer:
    """Writes a JSON object an evaluation."""

    def log(progress: Progress) -> None:
        line = {"seconds": round(progress.seconds, 3)} | {name: getattr(progress, name) for name in LOGGED}
        print(json.dumps(line), file=file, flush=True)

    return log


def bar_on(terminal: IO[str]) -> Observer:
    """Draws a bar that stays on its line."""

    def draw(progress: Progress) -> None:
        done = progress.step == progress.total_steps
        print(f"\r{bar_line(progress):<90}", end="\n" if done else "", file=terminal, flush=True)

    return draw


def bar_line(progress: Progress) -> str:
    """`█████░░░  62%  362×272  step 290/430  loss 1.234  0:31 left`"""
    filled = round(progress.fraction * BAR)
    minutes, seconds = divmod(round(progress.seconds_left), 60)
    return (
        f"{'█' * filled}{'░' * (BAR - filled)} {progress.fraction:4.0%}  {progress.width}×{progress.height}  "
        f"step {progress.step}/{progress.total_steps}  loss {progress.total:.4g}  {minutes}:{seconds:02} left"
    )
