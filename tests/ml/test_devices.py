from __future__ import annotations

import pytest
import torch

from ml.devices import Precision, choose_device, choose_precision
from ml.errors import EngineError

CPU = torch.device("cpu")


def test_cuda_is_taken_where_there_is_any() -> None:
    assert (choose_device("auto").type == "cuda") == torch.cuda.is_available()
    assert choose_device("cpu") == CPU


@pytest.mark.parametrize("name", ["cuda:97", "abacus", "meta"])
def test_a_device_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(EngineError, match=f"no device '{name}'"):
        choose_device(name)


def test_a_cpu_computes_in_bfloat16_only_where_its_hardware_does() -> None:
    capabilities = torch.cpu.get_capabilities()
    in_hardware = bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))

    assert choose_precision(CPU) == (Precision.BF16 if in_hardware else Precision.FP32)


def test_an_unknown_precision_is_named() -> None:
    with pytest.raises(EngineError, match="no precision 'fp8'"):
        choose_precision(CPU, "fp8")
