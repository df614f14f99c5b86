"""Where things lie on this machine. Importing it imports no PyTorch."""

from __future__ import annotations

import os
from pathlib import Path

from ml.errors import EngineError

FILES = {"vgg16": "vgg16-oxford-features.safetensors", "vgg19": "vgg19-imagenet-features.safetensors"}


def weights_path(network: str = "vgg16") -> Path:
    """Where the weights of `network` lie, or would: in `$STYLESITE_CACHE`, else `$XDG_CACHE_HOME/stylesite`, else
    `~/.cache/stylesite`. Raises EngineError for an unknown network."""
    if network not in FILES:
        raise EngineError(f"there is no feature network {network!r}; there are {' and '.join(FILES)}")
    return _cache_folder() / FILES[network]


def _cache_folder() -> Path:
    if own := os.environ.get("STYLESITE_CACHE"):
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stylesite"
