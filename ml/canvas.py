"""The painting under way: all that a transfer has to remember from one evaluation to the next."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from ml.frame import framed, unframed
from ml.lbfgs import LBFGS
from ml.objective import Evaluation
from ml.preconditioner import SpectralPreconditioner
from ml.pyramid import Scale


class Canvas:
    """A picture at one scale of the pyramid, with the optimiser that works on it."""

    def __init__(self, image: Tensor, scale: int = 0) -> None:
        """`image`: `(1, 3, H, W)`, the picture to start scale number `scale` from."""
        self.scale, self.step = scale, 0
        self.height, self.width = image.shape[-2:]
        canvas = framed(image)
        self.shape = canvas.shape
        preconditioner = SpectralPreconditioner(canvas.shape[-2], canvas.shape[-1], canvas.device)
        self.optimiser = LBFGS(canvas.flatten(), preconditioner=preconditioner)

    @property
    def proposal(self) -> Tensor:
        """The picture to evaluate next, in its frame."""
        return self.optimiser.proposal.view(self.shape)

    @property
    def image(self) -> Tensor:
        """The last picture found good, without its frame, `(1, 3, H, W)`, about in 0–1."""
        return unframed(self.optimiser.accepted.view(self.shape), self.height, self.width)

    def take(self, evaluation: Evaluation) -> bool:
        """Move on by one step, `evaluation` being that of `proposal`; False where it is gone back from. Raises
        Diverged."""
        self.step += 1
        return self.optimiser.tell(evaluation.total, evaluation.gradient.flatten())

    def fits(self, scale: Scale) -> bool:
        """True where the picture has the size of `scale`."""
        return (self.height, self.width) == (scale.height, scale.width)

    def enlarged(self, scale: Scale) -> Canvas:
        """A canvas for the next scale with this picture on it. Values are clipped here and not between steps, where
        clipping would falsify what the optimiser knows of the curvature."""
        size = (scale.height, scale.width)
        image = functional.interpolate(self.image, size=size, mode="bicubic", align_corners=False)
        return Canvas(image.clamp(0, 1), self.scale + 1)

    def state_dict(self) -> dict[str, Any]:
        size = [self.height, self.width]
        return {"scale": self.scale, "step": self.step, "size": size, "lbfgs": self.optimiser.state_dict()}

    @classmethod
    def from_state(cls, state: dict[str, Any], device: torch.device) -> Canvas:
        """The canvas that `state_dict` was taken of."""
        canvas = cls(torch.zeros(1, 3, *state["size"], device=device), state["scale"])
        canvas.step = state["step"]
        canvas.optimiser.load_state_dict(state["lbfgs"])
        return canvas
