"""A plain DCGAN training as tutorials write it: float32, channels first, BCELoss on probabilities, the same networks.

Radford, Metz, Chintala: Unsupervised Representation Learning with Deep Convolutional GANs, ICLR 2016.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ml.dcgan import Discriminator, Generator
from ml.gan_settings import GanSettings
from ml.gan_training import BETAS
from ml.training_images import TrainingImages


class PlainTraining:
    """One step of the discriminator on real pictures and on generated ones, then one of the generator, in turns."""

    def __init__(self, images: TrainingImages, settings: GanSettings) -> None:
        torch.manual_seed(settings.seed)
        self.images, self.settings, self.step = images, settings, 0
        self.G = Generator(settings)
        self.D = nn.Sequential(Discriminator(settings), nn.Sigmoid())
        self.G_optimiser = torch.optim.Adam(self.G.parameters(), settings.learning_rate, BETAS)
        self.D_optimiser = torch.optim.Adam(self.D.parameters(), settings.discriminator_rate, BETAS)
        self.criterion = nn.BCELoss()
        self.random = torch.Generator().manual_seed(settings.seed)

    @property
    def kept(self) -> Generator:
        return self.G

    def advance(self) -> None:
        count, crop = self.settings.batch, self.settings.crop
        x = self.images.batch(count, crop, self.random)
        self.D_optimiser.zero_grad()
        self._loss(x, 1).backward()  # type: ignore[no-untyped-call]
        fake = self.G(self.G.latents(count, crop, crop, self.random))
        self._loss(fake.detach(), 0).backward()  # type: ignore[no-untyped-call]
        self.D_optimiser.step()
        self.G_optimiser.zero_grad()
        self._loss(fake, 1).backward()  # type: ignore[no-untyped-call]
        self.G_optimiser.step()
        self.step += 1

    def _loss(self, image: Tensor, label: float) -> Tensor:
        probabilities = self.D(image)
        loss: Tensor = self.criterion(probabilities, torch.full_like(probabilities, label))
        return loss
