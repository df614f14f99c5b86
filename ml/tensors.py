"""Between Pillow's pictures and PyTorch's tensors."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image
from torch import Tensor


def to_tensor(picture: Image.Image, device: torch.device | None = None) -> Tensor:
    """A picture as `(1, 3, H, W)` float32, RGB in 0–1."""
    values = torch.from_numpy(np.array(picture.convert("RGB"))).to(device)
    return values.permute(2, 0, 1).unsqueeze(0).float().div(255).contiguous()


def to_picture(image: Tensor) -> Image.Image:
    """`(1, 3, H, W)` as an RGB picture; values outside 0–1 are clipped."""
    values = image.detach()[0].clamp(0, 1).mul(255).round().byte()
    return Image.fromarray(values.permute(1, 2, 0).cpu().numpy())
