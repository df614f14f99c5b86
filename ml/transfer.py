"""The transfer: a photo, style pictures and settings in, a painting out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from PIL import Image
from torch import Tensor

from ml.canvas import Canvas
from ml.checkpoint import Checkpoint
from ml.colour import finisher, matched, prepared, seen
from ml.errors import SettingsError, Stopped
from ml.features import FeatureNetwork
from ml.generators import TrainedGenerator, sample
from ml.masks import checked, to_weights, with_bare_parts
from ml.memory import check_it_fits, most_pixels, shortage_in_words, usable
from ml.objective import Evaluation, Objective
from ml.pictures import flattened
from ml.progress import Clock, Progress
from ml.provenance import VERSION
from ml.pyramid import Scale, brush_size, resampled, scales
from ml.settings import Settings
from ml.tensors import to_picture, to_tensor
from ml.weights import load_network

# Noise strewn over the photo at the smallest scale: it gives flat skies something to grow strokes from, and the seed
# a meaning. Where noise is all there is, it is stronger.
STREWN, NOISE = 0.15, 0.25
# Checkpoints of one form of state are not read as another's: to be raised when the optimiser's state changes.
STATE_FORM = 3


@dataclass(frozen=True)
class Commission:
    """What is to be painted, and who is told of it: what `stylize` is given, in one piece."""

    content: Image.Image
    styles: Sequence[Image.Image]
    settings: Settings
    masks: Sequence[Image.Image] = ()
    start: Image.Image | None = None
    generator: TrainedGenerator | None = None
    observer: Callable[[Progress], None] | None = None
    should_stop: Callable[[], bool] | None = None
    checkpoint: Checkpoint | None = None


@dataclass(frozen=True)
class Question:
    """What a painting has to know before its next step: how its objective stands at `picture`, in its frame."""

    objective: Objective
    picture: Tensor

    def answer(self) -> Evaluation:
        return self.objective.evaluate(self.picture)


Painting = Generator[Question, Evaluation, Image.Image]


def stylize(
    content: Image.Image,
    styles: Sequence[Image.Image],
    settings: Settings,
    *,
    masks: Sequence[Image.Image] = (),
    start: Image.Image | None = None,
    generator: TrainedGenerator | None = None,
    network: FeatureNetwork | None = None,
    observer: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    checkpoint: Checkpoint | None = None,
    memory: int | None = None,
) -> Image.Image:
    """Paint `content` in the style of `styles`; an RGB picture with `settings.size` pixels on its long side.

    With `masks`, one a style and in the photo's proportions, each style is painted where its mask is white, the fainter
    the darker it is; where all are black the photo stands. Without, all styles are blended everywhere.
    The painting begins from `start`, an earlier result or any other picture, stretched to the photo's proportions;
    without, as `settings.init` says, from a picture by `generator` where that is "gan".
    `observer` is told after every evaluation how the picture stands, once one was accepted; `should_stop` is asked
    before every one, and between tiles. With a `checkpoint`, a run that was cut short goes on where its file stands,
    and on a CPU ends in the very same picture; the file is left behind. `memory`, in bytes, is what the painting may
    take; without, most of what the machine has. One that would take more, or turns out to, is looked at in tiles, which
    takes half as long again; the picture is the same up to rounding.
    Raises Stopped when asked to stop, WeightsMissing, SettingsError, Diverged when no finite step can be found, and
    NotEnoughMemory where even tiles do not help.
    """
    commission = Commission(content, styles, settings, masks, start, generator, observer, should_stop, checkpoint)
    network = network or load_network(settings.network)
    painting = painted(commission, network, usable(network.devices) if memory is None else memory)
    answer = None
    try:
        with shortage_in_words():
            while True:
                answer = painting.send(answer).answer()  # type: ignore[arg-type]
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


def painted(commission: Commission, network: FeatureNetwork, memory: int) -> Painting:
    """The painting of a commission, step by step: it asks how its objective stands, goes on when it is told, and
    returns the picture. Raises as `stylize` does."""
    transfer = _Transfer(commission, network, memory)
    observer, checkpoint = commission.observer, commission.checkpoint
    canvas = transfer.resumed(checkpoint) or transfer.blank()
    clock = Clock(transfer.scales, canvas.scale, canvas.step)
    standing: Evaluation | None = None
    for scale in transfer.scales[canvas.scale :]:
        canvas = canvas if canvas.fits(scale) else canvas.enlarged(scale)
        pause = partial(_stop_if_asked, commission.should_stop, partial(transfer.keep, canvas, checkpoint))
        objective = transfer.objective(scale, pause)
        while canvas.step < scale.steps:
            pause()
            evaluation = yield Question(objective, canvas.proposal)
            # What was gone back from is not on the canvas, and may be no number.
            standing = evaluation if canvas.take(evaluation) else standing
            if observer and standing:
                observer(clock.read(canvas.scale, canvas.step, standing, partial(transfer.picture, canvas)))
            if checkpoint and checkpoint.is_due():
                transfer.keep(canvas, checkpoint)
        transfer.most_pixels = objective.most_pixels
    return transfer.picture(canvas)


def check_commission(commission: Commission, network: FeatureNetwork) -> None:
    """Raises SettingsError where what is commissioned does not go together, and NotEnoughMemory where it is too large
    for `network`'s devices."""
    _Transfer(commission, network, memory=0).blank()


def _stop_if_asked(should_stop: Callable[[], bool] | None, keep: Callable[[], None]) -> None:
    if should_stop and should_stop():
        keep()
        raise Stopped("stopped when asked to")


class _Transfer:
    """What does not change while a picture is painted."""

    def __init__(self, commission: Commission, network: FeatureNetwork, memory: int) -> None:
        content, styles, settings = commission.content, commission.styles, commission.settings
        if not styles:
            raise SettingsError("there are 0 style pictures; at least one is needed")
        if settings.init == "gan" and commission.start is None and commission.generator is None:
            raise SettingsError("init is 'gan' and there is no generator; one is needed")
        self.settings, self.network, self.memory = settings, network, memory
        # What was looked at at once at the scale before, which may have turned out to be less than predicted.
        self.most_pixels: int | None = None
        self.generator = commission.generator
        self.photo = flattened(content)
        self.content = seen(settings.colours, self.photo)
        self.styles = [prepared(settings.colours, self.photo, flattened(style)) for style in styles]
        self.masks = checked(commission.masks, content, len(styles))
        self.start = None if commission.start is None else seen(settings.colours, flattened(commission.start))
        self.finish = finisher(settings.colours, self.photo)
        self.blend = settings.blend_of(len(styles))
        self.scales = scales(content.size, settings.long_sides, settings.steps_per_scale)
        check_it_fits(self.scales[-1].pixels, network.devices, network.precision)

    def blank(self) -> Canvas:
        """The canvas before the first stroke: the picture to start from, the photo with noise strewn over it, noise,
        or a generator's picture."""
        if self.start is not None:
            return Canvas(self._at(self.scales[0], self.start))
        photo = self._at(self.scales[0], self.content)
        random = torch.Generator().manual_seed(self.settings.seed)
        noise = torch.randn(photo.shape, generator=random).to(photo.device)
        if self.settings.init == "gan" and self.generator:
            generated = self._generated(self.generator, self.scales[0])
            return Canvas(torch.lerp(photo, generated, self.settings.gan_strength))
        if self.settings.init == "photo":
            return Canvas((photo + STREWN * noise).clamp(0, 1))
        return Canvas((0.5 + NOISE * noise).clamp(0, 1))

    def picture(self, canvas: Canvas) -> Image.Image:
        """What is on the canvas, as it is shown."""
        return with_bare_parts(self.finish(to_picture(canvas.image)), self.photo, self.masks)

    def objective(self, scale: Scale, pause: Callable[[], None]) -> Objective:
        """What is wanted at `scale`, where the styles are resized along with the photo."""
        long_side = self.settings.style_scale * max(scale.width, scale.height)
        styles = [resampled(style, brush_size(style.size, long_side)) for style in self.styles]
        pictures = [to_tensor(style, self.network.device) for style in styles]
        weighted = list(zip(self.blend, pictures, strict=True))
        masks = [to_weights(mask, (scale.width, scale.height), self.network.device) for mask in self.masks]
        photo = self._at(scale, self.content)
        predicted = most_pixels(scale.pixels, self.memory, self.network.precision, self.network.devices)
        most = min(predicted, self.most_pixels or predicted)
        return Objective(self.network, photo, weighted, self.settings, masks, most, pause)

    def resumed(self, checkpoint: Checkpoint | None) -> Canvas | None:
        """The canvas that `checkpoint` holds of this very transfer, if it does."""
        state = checkpoint.read(self.fingerprint()) if checkpoint else None
        return Canvas.from_state(state, self.network.device) if state else None

    def keep(self, canvas: Canvas, checkpoint: Checkpoint | None) -> None:
        if checkpoint:
            checkpoint.write(self.fingerprint(), canvas.state_dict())

    def fingerprint(self) -> str:
        """SHA-256 of all that decides the result: engine, settings, pictures, generator, and the network as it
        computes."""
        total = hashlib.sha256(
            f"{VERSION} {STATE_FORM} {self.settings!r} {len(self.styles)} {len(self.masks)}".encode()
        )
        total.update(f"{self.network.digest} {self.network.precision}".encode())
        total.update((self.generator.digest if self.generator else "").encode())
        for picture in (self.content, *self.styles, *self.masks, *([self.start] if self.start else [])):
            total.update(f"{picture.size}".encode())
            total.update(picture.tobytes())
        return total.hexdigest()

    def _generated(self, generator: TrainedGenerator, scale: Scale) -> Tensor:
        """A picture by the generator, made at the size of `scale`: one made larger would lose its strokes in being
        reduced."""
        picture = sample(generator, scale.width, scale.height, self.settings.seed)
        if self.settings.gan_colours == "style":
            picture = matched(picture, self.styles[0])
        return to_tensor(seen(self.settings.colours, picture), self.network.device)

    def _at(self, scale: Scale, picture: Image.Image) -> Tensor:
        return to_tensor(resampled(picture, (scale.width, scale.height)), self.network.device)
