"""What a terminal or a file is told of a transfer or a training."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import monotonic
from typing import IO, TYPE_CHECKING

from ml.progress import Progress
from ml.step_log import StepLog

if TYPE_CHECKING:
    from ml.gan import TrainingProgress
    from ml.prediction import Prediction

logger = logging.getLogger(__name__)

Observer = Callable[[Progress], None]

LOGGED = ("step", "scale", "content", "style", "tv", "total")
BAR = 24
# Back to the line's beginning, and nothing left on it.
ERASE = "\r\x1b[K"


def say(sentence: str, stream: IO[str]) -> None:
    """Print a line of its own."""
    print(line_of(sentence, stream), file=stream)


def line_of(sentence: str, stream: IO[str]) -> str:
    """What is said as a line of its own, in the place of a bar where one is drawn."""
    return f"{ERASE if stream.isatty() else ''}ml: {sentence}"


def each(observers: Sequence[Observer]) -> Observer:
    """One observer that tells all of them."""

    def observe(progress: Progress) -> None:
        for observer in observers:
            observer(progress)

    return observe


class LossCurve:
    """An observer that writes a JSON object an evaluation to a file, after those of the run that this one goes on from.

    The file is not touched before the first evaluation. A full disk costs the log and not the painting.
    """

    def __init__(self, path: Path) -> None:
        self._log = StepLog(path)
        self._begun, self._failed = False, False

    def __call__(self, progress: Progress) -> None:
        if self._failed:
            return
        try:
            self._note(progress)
        except OSError as error:
            self._failed = True
            logger.warning("the log %s could not be written (%s); going on without", self._log.path, error)

    def _note(self, progress: Progress) -> None:
        if not self._begun:
            self._log.forget_after(progress.step - 1)
            self._begun = True
        self._log.note({"seconds": round(progress.seconds, 3)} | {name: getattr(progress, name) for name in LOGGED})


def bar_on(terminal: IO[str]) -> Observer:
    """Draws a bar that stays on its line."""

    def draw(progress: Progress) -> None:
        done = progress.step == progress.total_steps
        print(f"{ERASE}{bar_line(progress)}", end="\n" if done else "", file=terminal, flush=True)

    return draw


def bar_line(progress: Progress) -> str:
    """`█████░░░  62%  362×272  step 290/430  loss 1.234  0:31 left`"""
    facts = (
        f"{progress.width}×{progress.height}  step {progress.step}/{progress.total_steps}  loss {progress.total:.4g}"
    )
    return f"{_bar(progress.fraction)}  {facts}  {_left(progress.seconds_left)}"


class BatchReport:
    """A line for each of many photos when it is painted and, on a terminal, a bar of them all below."""

    def __init__(self, stream: IO[str], photos: int) -> None:
        self._stream, self._photos = stream, photos
        self._done = 0
        self._under_way: dict[Path, float] = {}
        self._started_at = monotonic()

    def observer_of(self, photo: Path) -> Observer | None:
        """Who is to be told of its painting, where there is a bar."""
        return partial(self._see, photo) if self._stream.isatty() else None

    def tell(self, photo: Path, outcome: str) -> None:
        self._under_way.pop(photo, None)
        self._done += 1
        say(f"{photo}: {outcome}", self._stream)

    def _see(self, photo: Path, progress: Progress) -> None:
        self._under_way[photo] = progress.fraction
        fraction = (self._done + sum(self._under_way.values())) / self._photos
        seconds_left = (monotonic() - self._started_at) * (1 - fraction) / fraction
        line = f"{_bar(fraction)}  {self._done}/{self._photos} photos  {_left(seconds_left)}"
        print(f"{ERASE}{line}", end="", file=self._stream, flush=True)


def training_bar_on(terminal: IO[str]) -> Callable[[TrainingProgress], None]:
    """Draws a bar that stays on its line, and what seems to go wrong on lines of its own."""
    said: set[str] = set()

    def draw(progress: TrainingProgress) -> None:
        # A warning is told once, though its numbers change.
        for note in progress.notes:
            if note.kind not in said:
                said.add(note.kind)
                print(f"{ERASE}{note}", file=terminal)
        done = progress.step == progress.total_steps
        print(f"{ERASE}{training_line(progress)}", end="\n" if done else "", file=terminal, flush=True)

    return draw


def training_line(progress: TrainingProgress) -> str:
    """`█████░░░  62%  step 620/1000  D(x) 0.71  D(G(z)) 0.30  Fréchet 41.2 at 500  4:31 left`"""
    best = "" if progress.best_frechet is None else f"Fréchet {progress.best_frechet:.4g} at {progress.best_step}  "
    facts = f"step {progress.step}/{progress.total_steps}  D(x) {progress.real:.2f}  D(G(z)) {progress.fake:.2f}"
    return f"{_bar(progress.fraction)}  {facts}  {best}{_left(progress.seconds_left)}"


def prediction_line(prediction: Prediction) -> str:
    """`about 2:12 and 1.1 GiB`, and into how many parts the largest scale is divided, if it is."""
    parts = f", in {prediction.parts} tiles" if prediction.parts > 1 else ""
    return f"about {_clock(prediction.seconds)} and {prediction.memory / 2**30:.1f} GiB{parts}"


def _bar(fraction: float) -> str:
    filled = round(fraction * BAR)
    return f"{'█' * filled}{'░' * (BAR - filled)} {fraction:4.0%}"


def _left(seconds_left: float) -> str:
    return f"{_clock(seconds_left)} left"


def _clock(duration: float) -> str:
    """`2:12`, and from an hour on `1:02:12`."""
    minutes, seconds = divmod(round(duration), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
