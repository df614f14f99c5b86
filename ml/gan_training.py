"""The training under way: two networks that take turns, and all that has to be remembered from one step to the next.

[R16] Radford, Metz, Chintala: Unsupervised Representation Learning with Deep Convolutional GANs, ICLR 2016.
[Y19] Yazıcı et al.: The Unusual Effectiveness of Averaging in GAN Training, ICLR 2019.
"""

from __future__ import annotations

import copy
import hashlib
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ml import ranks
from ml.augmentation import augmented
from ml.dcgan import Discriminator, Generator, discriminator_loss, generator_loss
from ml.devices import Precision
from ml.errors import Diverged
from ml.gan_settings import GanSettings
from ml.training_images import TrainingImages

# [R16] §4: with a momentum of 0.9 training oscillated; with 0.5 it does not.
BETAS = (0.5, 0.999)
# Checkpoints of one form of state are not read as another's.
STATE_FORM = 1


@dataclass(frozen=True)
class Losses:
    """What one step found: J_D and J_G, and the means of D(x) and D(G(z)), 0–1, before either network moved."""

    discriminator: float
    generator: float
    real: float
    fake: float


class Training:
    """Generator G and discriminator D with their optimisers, and the moving average that is kept of G ([Y19])."""

    def __init__(
        self, images: TrainingImages, settings: GanSettings, device: torch.device, precision: Precision
    ) -> None:
        self.images, self.settings, self.device, self.precision = images, settings, device, precision
        self.step = 0
        self.fingerprint = _fingerprint(images, settings)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(settings.seed)
            G, D = Generator(settings), Discriminator(settings)
        # Channels last is what oneDNN and the tensor cores work in.
        self.G, self.D = (network.to(device, memory_format=torch.channels_last) for network in (G, D))  # type: ignore[call-overload]
        self.average = copy.deepcopy(self.G).requires_grad_(False)
        self.G_optimiser = _adam(self.G, settings.learning_rate)
        self.D_optimiser = _adam(self.D, settings.discriminator_rate)

    @property
    def kept(self) -> Generator:
        """The generator to judge and to keep."""
        return self.average if self.settings.average else self.G

    def advance(self) -> Losses:
        """One step of the discriminator, and one of the generator against it. Raises Diverged."""
        random = self._random()
        x, z = self._drawn(random)
        with self._autocast():
            fake = self.G(z)
        real_logits, fake_logits, J_D = self._train_discriminator(x, fake.detach(), random)
        J_G = self._train_generator(fake, random)
        self.step += 1
        self._follow()
        found = torch.stack([J_D, J_G, real_logits.float().sigmoid().mean(), fake_logits.float().sigmoid().mean()])
        if not found.isfinite().all():
            raise Diverged(f"the losses are no longer finite after {self.step} steps; choose lower learning rates")
        return Losses(*found.tolist())

    def state_dict(self) -> dict[str, Any]:
        parts = ("G", "D", "average", "G_optimiser", "D_optimiser")
        return {"step": self.step} | {name: getattr(self, name).state_dict() for name in parts}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on exactly where the training that gave `state` stood."""
        self.step = state["step"]
        for name in state.keys() - {"step"}:
            getattr(self, name).load_state_dict(state[name])

    def _drawn(self, random: torch.Generator) -> tuple[Tensor, Tensor]:
        """This process's share of the step's pictures, `(N, 3, crop, crop)`, and latents for as many."""
        count, crop = max(2, self.settings.batch // ranks.world()), self.settings.crop
        x = self.images.batch(count, crop, random)
        z = self.G.latents(count, crop, crop, random)
        return x.to(self.device, memory_format=torch.channels_last), z.to(self.device)

    def _train_discriminator(self, x: Tensor, fake: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Real and generated pictures are looked at apart, since batch norm would tell a mixture by its statistics."""
        self.D_optimiser.zero_grad()
        with self._autocast():
            real_logits, fake_logits = self._judged(x, random), self._judged(fake, random)
        J_D = discriminator_loss(real_logits, fake_logits)
        J_D.backward()  # type: ignore[no-untyped-call]
        ranks.average_gradients(self.D)
        self.D_optimiser.step()
        return real_logits.detach(), fake_logits.detach(), J_D.detach()

    def _train_generator(self, fake: Tensor, random: torch.Generator) -> Tensor:
        self.G_optimiser.zero_grad()
        # The gradient passes through the discriminator, which does not move: its own is not computed.
        self.D.requires_grad_(False)
        with self._autocast():
            logits = self._judged(fake, random)
        J_G = generator_loss(logits)
        J_G.backward()  # type: ignore[no-untyped-call]
        self.D.requires_grad_(True)
        ranks.average_gradients(self.G)
        self.G_optimiser.step()
        return J_G.detach()

    def _judged(self, image: Tensor, random: torch.Generator) -> Tensor:
        logits: Tensor = self.D(augmented(image, random) if self.settings.augment else image)
        return logits

    def _follow(self) -> None:
        """Move the average towards the generator, faster at first, when there is little to average."""
        decay = min(self.settings.average, (1 + self.step) / (10 + self.step))
        pairs = zip(self.average.state_dict().values(), self.G.state_dict().values(), strict=True)
        for mean, now in pairs:
            if mean.is_floating_point():
                mean.lerp_(now, 1 - decay)

    def _random(self) -> torch.Generator:
        """All that a step draws, from its number: a training that goes on draws what it would have drawn."""
        sequence = np.random.SeedSequence((self.settings.seed, self.step, ranks.rank()))
        return torch.Generator().manual_seed(int(sequence.generate_state(1, np.uint64)[0] >> np.uint64(1)))

    def _autocast(self) -> torch.autocast:
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.precision is Precision.BF16)


def _fingerprint(images: TrainingImages, settings: GanSettings) -> str:
    """SHA-256 of the settings and pictures. The number of steps may be raised later, and a training may go on in
    another precision, or on more GPUs, than it began."""
    decisive = {name: value for name, value in asdict(settings).items() if name != "steps"}
    total = hashlib.sha256(f"{STATE_FORM} {decisive}".encode())
    for picture in (*images.held_back, *images.learnt_from):
        total.update(f"{picture.shape}".encode())
        total.update(np.ascontiguousarray(picture).data)
    return total.hexdigest()


def _adam(network: nn.Module, rate: float) -> torch.optim.Adam:
    return torch.optim.Adam(network.parameters(), rate, BETAS, fused=True)
