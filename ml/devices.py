"""Where the network runs and in which arithmetic: the fastest device present, bfloat16 where the hardware has it.

Threads are left as PyTorch sets them (one a core, or `OMP_NUM_THREADS`): a process that shares its cores with others
should lower that variable, because two runs that both take every core are slower than one after the other.
"""

from __future__ import annotations

import ctypes
import sys
from enum import StrEnum

import torch

from ml.errors import EngineError

KINDS = ("cpu", "cuda")
# glibc's malloc.h: how many blocks may be mapped singly, and how much free memory to keep (−1: all of it).
M_MMAP_MAX = -4
M_TRIM_THRESHOLD = -1


class Precision(StrEnum):
    """The arithmetic of the convolutions. Losses, optimiser and picture are float32 in either case."""

    FP32 = "fp32"
    BF16 = "bf16"

    @property
    def dtype(self) -> torch.dtype:
        return torch.bfloat16 if self is Precision.BF16 else torch.float32


def choose_device(names: str | None = None) -> torch.device:
    """The first of `choose_devices`, for what one device is enough for."""
    return choose_devices(names)[0]


def choose_devices(names: str | None = None) -> tuple[torch.device, ...]:
    """The devices called `names` ("cuda", "cuda:1", "cpu"), with commas between several ("cuda:0,cuda:1"); with none or
    "auto", the fastest one present.

    Raises EngineError for a device that this machine does not have.
    """
    if names is None or names == "auto":
        return (torch.device("cuda" if torch.cuda.is_available() else "cpu"),)
    return tuple(_present(name.strip()) for name in names.split(","))


def _present(name: str) -> torch.device:
    try:
        device = torch.empty(0, device=name).device
    except (RuntimeError, AssertionError, NotImplementedError):
        device = None
    if device is None or device.type not in KINDS:
        there_are = KINDS if torch.cuda.is_available() else KINDS[:1]
        raise EngineError(f"there is no device {name!r} on this machine; use {' or '.join(('auto', *there_are))}")
    return device


def choose_precision(device: torch.device, name: str | None = None) -> Precision:
    """The precision called `name`; with none or "auto", bfloat16 where `device` computes in it, else float32.

    Raises EngineError for a name that is not a precision.
    """
    if name is None or name == "auto":
        return Precision.BF16 if _computes_bfloat16(device) else Precision.FP32
    if name not in set(Precision):
        raise EngineError(f"there is no precision {name!r}; use auto, {' or '.join(Precision)}")
    return Precision(name)


def prepare(device: torch.device) -> None:
    """Process-wide switches that pay on `device`: TensorFloat-32 and measured kernels on CUDA, kept memory on a CPU."""
    if device.type == "cuda":
        torch.backends.cuda.matmul.allow_tf32 = True
        torch.backends.cudnn.allow_tf32 = True
        torch.backends.cudnn.benchmark = True
    if device.type == "cpu":
        _keep_freed_memory()


def _keep_freed_memory() -> None:
    """Have glibc reuse the activations' memory instead of giving it back to the system after every evaluation, which
    then has to clear it page by page: a third of the time of an evaluation. Elsewhere than on glibc, nothing."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(M_MMAP_MAX, 0)
        mallopt(M_TRIM_THRESHOLD, -1)


def _computes_bfloat16(device: torch.device) -> bool:
    """True where bfloat16 is multiplied by the hardware; emulated, it would be slower than float32."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device.type == "cpu":
        capabilities = torch.cpu.get_capabilities()
        return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
    return False
