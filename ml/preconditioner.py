"""Where the optimiser starts from: how curved the objective is for coarse and for fine forms, for light and for colour.

[NW06] Nocedal, Wright: Numerical Optimization, 2nd edition, 2006, chapter 7.

A limited-memory method knows the curvature along the few steps it remembers; everywhere else it has to guess, and a
multiple of the identity guesses alike for all. A picture's broad forms and its finest grain differ in curvature by
orders of magnitude, though, and so do its brightness and its colours. Here the guess is a number for each band of
spatial frequencies in each opponent colour, taken from all steps so far.
"""

from __future__ import annotations

from typing import Any, Protocol

import torch
from torch import Tensor

# Brightness, red against blue, and green against both: across most pictures these three vary independently.
OPPONENT = ((1.0, 1.0, 1.0), (1.0, 0.0, -1.0), (1.0, -2.0, 1.0))
BANDS_AN_OCTAVE = 2
# Waves longer than this many pixels are taken together: there are too few of them to tell apart.
LONGEST_WAVE = 256
# What a step's evidence still counts after one more step.
MEMORY = 0.98
# A band that has hardly been moved is guessed from the others: their evidence counts this much in each.
BORROWED = 1e-6


class Preconditioner(Protocol):
    """A positive diagonal in some orthogonal basis: the H⁰ of [NW06] algorithm 7.4, up to its scale."""

    def learn(self, s: Tensor, y: Tensor) -> None:
        """Take in that the step `s` changed the gradient by `y`, both `(n,)`, with sᵀy > 0."""

    def apply(self, q: Tensor) -> Tensor:
        """H⁰·q, `(n,) → (n,)`; q itself before anything was learnt."""

    def state_dict(self) -> dict[str, Any]:
        """All that was learnt."""

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Know what the one that gave `state` knew."""


class SpectralPreconditioner:
    """For flattened pictures: H⁰ is diagonal over spatial frequencies and opponent colours, and constant in a band."""

    def __init__(self, height: int, width: int, device: torch.device) -> None:
        """For pictures `(1, 3, height, width)` on `device`."""
        self.size = (height, width)
        opponent = torch.tensor(OPPONENT, device=device)
        self.opponent = opponent / opponent.norm(dim=1, keepdim=True)
        self.band = _bands(height, width).to(device)
        # Real pictures have half a spectrum, and each wave in it stands for itself and for its mirror image.
        self.count = torch.full((width // 2 + 1,), 2.0, device=device)
        self.count[0] = 1
        if width % 2 == 0:
            self.count[-1] = 1
        bands = int(self.band.max()) + 1
        self.steps = torch.zeros(3, bands, device=device)
        self.changes = torch.zeros(3, bands, device=device)
        # Known here, so that no device has to be asked for it.
        self.has_learnt = False

    def learn(self, s: Tensor, y: Tensor) -> None:
        self.has_learnt = True
        weight = 1 / (s @ y)
        self.steps = MEMORY * self.steps + weight * self._energies(s)
        self.changes = MEMORY * self.changes + weight * self._energies(y)

    def apply(self, q: Tensor) -> Tensor:
        if not self.has_learnt:
            return q
        waves = self._spectrum(q) * self.gains()[:, self.band]
        colours = torch.fft.irfft2(waves, s=self.size, norm="ortho")
        return torch.einsum("oc,ohw->chw", self.opponent, colours).flatten()

    def state_dict(self) -> dict[str, Any]:
        return {"steps": self.steps, "changes": self.changes}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.steps, self.changes = (state[name].to(self.steps.device) for name in ("steps", "changes"))
        self.has_learnt = bool(self.changes.any())

    def gains(self) -> Tensor:
        """The inverse curvature of each colour's bands, coarse to fine, `(3, bands)`."""
        steps, changes = (total + BORROWED * total.sum() for total in (self.steps, self.changes))
        return (steps / changes).sqrt()

    def _energies(self, values: Tensor) -> Tensor:
        """The squares of `values` summed over the bands of each colour, `(n,) → (3, bands)`."""
        power = self._spectrum(values).abs().square() * self.count
        return torch.zeros_like(self.steps).index_add_(1, self.band.flatten(), power.flatten(1))

    def _spectrum(self, values: Tensor) -> Tensor:
        colours = torch.einsum("oc,chw->ohw", self.opponent, values.view(3, *self.size))
        return torch.fft.rfft2(colours, norm="ortho")


def _bands(height: int, width: int) -> Tensor:
    """The band of each wave in the half spectrum of a real picture, `(height, width // 2 + 1)`."""
    down = torch.fft.fftfreq(height)[:, None]
    across = torch.fft.rfftfreq(width)[None, :]
    waves = (down.square() + across.square()).sqrt() * LONGEST_WAVE
    return (BANDS_AN_OCTAVE * waves.clamp(min=1).log2()).long()
