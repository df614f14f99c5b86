"""What an observer of a transfer is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic

from PIL import Image

from ml.objective import Evaluation
from ml.pyramid import Scale, fitted, pixel_steps, resampled


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where a transfer stands after an evaluation. Losses are weighted, as they enter the total, and those of the
    picture as it stands: where a step was gone back from, of the one before."""

    step: int
    """Evaluations done, 1 … total_steps, over all scales and counting those before a resume."""
    total_steps: int
    scale: int
    """The scale being painted, 0 … scales − 1, coarse to fine."""
    scales: int
    width: int
    height: int
    content: float
    style: float
    tv: float
    total: float
    fraction: float
    """Share of the work done, 0–1, where an evaluation's work is its number of pixels."""
    seconds: float
    """Since this run started, or resumed."""
    seconds_left: float
    """Estimated from the pace of this run so far."""
    picture: Callable[[], Image.Image] = field(repr=False, compare=False)
    """Makes the picture as it stands, while the observer is being told."""

    def preview(self, long_side: int = 384) -> Image.Image:
        """The picture as it stands, not larger than `long_side` pixels."""
        picture = self.picture()
        return resampled(picture, fitted(picture.size, min(long_side, max(picture.size))))


class Clock:
    """Turns "this scale, this step" into shares of the work and seconds left."""

    def __init__(self, scales: Sequence[Scale], scale: int = 0, step: int = 0) -> None:
        """Starts now, with `step` evaluations of number `scale` already done by an earlier run."""
        self.scales = scales
        self.whole = pixel_steps(scales)
        self.started_at, self.done_before = monotonic(), self._done(scale, step)

    def read(self, scale: int, step: int, evaluation: Evaluation, picture: Callable[[], Image.Image]) -> Progress:
        """The progress after `step` evaluations of `scale`, where the picture stands as `evaluation` found it."""
        done, seconds = self._done(scale, step), monotonic() - self.started_at
        return Progress(
            step=sum(earlier.steps for earlier in self.scales[:scale]) + step,
            total_steps=sum(each.steps for each in self.scales),
            scale=scale,
            scales=len(self.scales),
            width=self.scales[scale].width,
            height=self.scales[scale].height,
            content=evaluation.content,
            style=evaluation.style,
            tv=evaluation.tv,
            total=evaluation.total,
            fraction=done / self.whole,
            seconds=seconds,
            seconds_left=seconds * (self.whole - done) / (done - self.done_before),
            picture=picture,
        )

    def _done(self, scale: int, step: int) -> int:
        return pixel_steps(self.scales[:scale]) + self.scales[scale].pixels * step
