"""A trained generator: its file, and the pictures that it makes.

The file is safetensors, which holds numbers and text and can run nothing. The text says how the network is built, so
the file is enough to make pictures from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from PIL import Image
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from ml.dcgan import BEYOND, Generator
from ml.devices import choose_device
from ml.errors import GeneratorError, SettingsError
from ml.files import moved_to
from ml.gan_settings import GanSettings
from ml.tensors import to_picture

# The key of the text in the file, and the form in which it is written.
METADATA, FORM = "generator", 1
# The largest network that the settings allow takes less.
MOST_BYTES = 256 * 2**20
# Pixels along a side that are painted at once, in about half a gigabyte at the paper's width.
SIDE_AT_ONCE = 1024
LARGEST = 8192
SHEET_SIDE = 8


@dataclass(frozen=True, eq=False)
class TrainedGenerator:
    """A generator ready to make pictures, with what is known about it."""

    network: Generator = field(repr=False)
    about: dict[str, str]
    """What people wrote about it: name, data, licence."""
    metrics: dict[str, float]
    """What was measured when it was kept: `step`, `frechet`."""
    digest: str
    """SHA-256 of its file."""

    @property
    def settings(self) -> GanSettings:
        return self.network.settings


def save_generator(
    network: Generator, path: Path, about: Mapping[str, str] | None = None, metrics: Mapping[str, float] | None = None
) -> None:
    """Write the network to `path` in one move: weights in float16, statistics of its batch norms in float32."""
    tensors = {
        name: (value.half() if value.dim() > 1 else value.float()).cpu().contiguous()
        for name, value in network.state_dict().items()
        if value.is_floating_point()
    }
    facts = {"form": FORM, "settings": asdict(network.settings), "about": about or {}, "metrics": metrics or {}}
    with moved_to(path) as file:
        file.write(save(tensors, metadata={METADATA: json.dumps(facts)}))


def load_generator(path: Path, *, digest: str | None = None, device: str | None = None) -> TrainedGenerator:
    """The generator in `path`, on `device` (None: the fastest), which must have this `digest` where one is given.

    Raises GeneratorError for anything but a whole safetensors file that `save_generator` wrote, of the shapes that its
    settings say and finite: whatever is in the file, nothing of it is run.
    """
    found = file_digest(path)
    if digest is not None and found != digest:
        raise GeneratorError(f"{path.name} is not the generator it should be: its SHA-256 is {found}, not {digest}")
    try:
        with safe_open(path, framework="pt") as file:
            facts = _facts(file.metadata(), path)
            network = Generator(facts["settings"])
            _check_shapes(network, {name: file.get_slice(name).get_shape() for name in file.keys()}, path)  # noqa: SIM118
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise GeneratorError(f"{path.name} is no generator: it is not a whole safetensors file ({error})") from error
    if not all(bool(value.isfinite().all()) for value in tensors.values()):
        raise GeneratorError(f"{path.name} holds numbers that are not finite")
    network.load_state_dict(tensors, strict=False)
    network.to(choose_device(device)).eval().requires_grad_(False)
    return TrainedGenerator(network, facts["about"], facts["metrics"], found)


def file_digest(path: Path) -> str:
    """SHA-256 of a generator's file. Raises GeneratorError where there is none, or a far too large one."""
    if not path.is_file():
        raise GeneratorError(f"{path} {'is no file' if path.exists() else 'does not exist'}")
    if path.stat().st_size > MOST_BYTES:
        raise GeneratorError(f"{path.name} is larger than {MOST_BYTES // 2**20} MiB; no generator is")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sample(generator: TrainedGenerator, width: int, height: int, seed: int) -> Image.Image:
    """A picture by the generator; the same `seed` gives the same one. A field generator makes any size; a single one
    only its own. Raises SettingsError for another, and for a seed that is not from 0 to 2⁶³ − 1."""
    settings = generator.settings
    if settings.kind == "single" and (width, height) != (settings.size, settings.size):
        raise SettingsError(f"a single generator's pictures are {settings.size}×{settings.size}, not {width}×{height}")
    if not (0 < width <= LARGEST and 0 < height <= LARGEST):
        raise SettingsError(f"the size is {width}×{height}; each side must be from 1 to {LARGEST}")
    _check_seed(seed)
    z = generator.network.latents(1, width, height, torch.Generator().manual_seed(seed))
    return to_picture((_painted(generator.network, z)[..., :height, :width] + 1) / 2)


def sample_sheet(generator: TrainedGenerator, seed: int = 0) -> Image.Image:
    """Pictures of `size` pixels side by side, eight a row and eight rows, of latents that depend on `seed` alone.
    Raises SettingsError as `sample` does."""
    _check_seed(seed)
    return sheet_of(generator.network, seed)


def _check_seed(seed: int) -> None:
    if not 0 <= seed < 2**63:
        raise SettingsError(f"seed is {seed}; it must be from 0 to {2**63 - 1}")


def sheet_of(network: Generator, seed: int = 0) -> Image.Image:
    """The sample sheet of a network that is still in training; it is looked at as it will be when it is kept."""
    size = network.settings.size
    pictures = torch.cat(list(samples_of(network, SHEET_SIDE**2, torch.Generator().manual_seed(seed))))
    rows = pictures.view(SHEET_SIDE, SHEET_SIDE, 3, size, size).permute(2, 0, 3, 1, 4)
    return to_picture((rows.reshape(1, 3, SHEET_SIDE * size, SHEET_SIDE * size) + 1) / 2)


def samples_of(
    network: Generator, count: int, random: torch.Generator, at_once: int = SHEET_SIDE**2
) -> Iterator[Tensor]:
    """`count` pictures of `size` pixels in batches `(N, 3, size, size)` in −1–1, by the batch norms' own statistics."""
    device, training = _device_of(network), network.training
    size = network.settings.size
    network.eval()
    for start in range(0, count, at_once):
        z = network.latents(min(at_once, count - start), size, size, random)
        with torch.no_grad():
            yield network(z.to(device)).float()[..., :size, :size]
    network.train(training)


def _painted(network: Generator, z: Tensor) -> Tensor:
    """The picture of one field, `(1, 100, h, w) → (1, 3, H, W)`, part by part: a part of a field gives that part of its
    picture, so memory is bounded and no seam is left."""
    device = _device_of(network)
    if network.settings.kind == "single":
        return network(z.to(device))
    height, width = (side - BEYOND for side in z.shape[2:])
    at_once = SIDE_AT_ONCE // network.settings.cell
    rows = []
    for top in range(0, height, at_once):
        row = [
            z[..., top : top + at_once + BEYOND, left : left + at_once + BEYOND] for left in range(0, width, at_once)
        ]
        rows.append(torch.cat([network(part.to(device)) for part in row], dim=3))
    return torch.cat(rows, dim=2)


def _device_of(network: Generator) -> torch.device:
    return next(network.parameters()).device


def _facts(metadata: Mapping[str, str] | None, path: Path) -> dict:  # type: ignore[type-arg]
    try:
        facts = json.loads((metadata or {})[METADATA])
        if facts["form"] != FORM:
            raise GeneratorError(f"{path.name} has form {facts['form']!r}; this version reads form {FORM}")
        return {
            "settings": GanSettings(**facts["settings"]),
            "about": {str(key): str(value) for key, value in facts["about"].items()},
            "metrics": {str(key): float(value) for key, value in facts["metrics"].items()},
        }
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        raise GeneratorError(f"{path.name} does not say what generator it is ({error})") from error


def _check_shapes(network: Generator, found: Mapping[str, list[int]], path: Path) -> None:
    wanted = {name: list(value.shape) for name, value in network.state_dict().items() if value.is_floating_point()}
    for name in sorted(wanted.keys() | found.keys()):
        if wanted.get(name) != found.get(name):
            raise GeneratorError(
                f"{path.name} has {found.get(name)} for {name}, where its settings want {wanted.get(name)}"
            )
