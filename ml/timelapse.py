"""The painting coming into being, as an animated WebP."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from ml.files import whole
from ml.progress import Progress
from ml.pyramid import resampled

FRAME_MS, LAST_FRAME_MS = 80, 2500
QUALITY = 80


class TimeLapse:
    """An observer of a transfer that keeps `frames` pictures of it, evenly spaced over its steps.

    A run that was resumed is shown from where it was resumed.
    """

    def __init__(self, frames: int = 90, long_side: int = 512) -> None:
        """`long_side`: of the animation, in pixels, or the painting's own where that is smaller."""
        self.frames, self.long_side = frames, long_side
        self.pictures: list[Image.Image] = []
        self._kept = -1

    def __call__(self, progress: Progress) -> None:
        number = (progress.step - 1) * self.frames // progress.total_steps
        if number > self._kept or progress.step == progress.total_steps:
            self._kept = number
            self.pictures.append(progress.preview(self.long_side))

    def save(self, path: Path) -> None:
        """Write the animation to `path`, every frame at the last one's size. Raises OSError, and ValueError where
        nothing was observed."""
        if not self.pictures:
            raise ValueError("there are no frames")
        size = self.pictures[-1].size
        first, *others = (resampled(picture, size) for picture in self.pictures)
        durations = [FRAME_MS] * len(others) + [LAST_FRAME_MS]
        with whole(path) as file:
            first.save(file, "WEBP", save_all=True, append_images=others, duration=durations, loop=0, quality=QUALITY)
