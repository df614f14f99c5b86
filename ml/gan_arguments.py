"""What can be typed after `python -m ml train-gan` and `python -m ml sample`."""

from __future__ import annotations

import argparse
from pathlib import Path

from ml.gan_settings import KINDS, SIZES, GanSettings
from ml.outputs import FORMATS

SHEET = 512

TRAINING = """The best generator by its Fréchet distance to held-back pictures is kept in MODEL, and rewritten at every
improvement. Beside it, a folder of the same name that ends in .run gets the log, a sample sheet an evaluation, and the
checkpoint that --resume goes on from. torchrun -m ml train-gan … trains on several GPUs."""


def add_train_gan(command: argparse.ArgumentParser) -> None:
    command.description = TRAINING
    command.add_argument(
        "pictures", type=Path, metavar="PICTURES", help="a folder, zip or uncompressed tar, or one large picture"
    )
    command.add_argument(
        "-o", "--output", type=Path, required=True, metavar="MODEL", help="the generator: .safetensors"
    )
    command.add_argument("--resume", action="store_true", help="go on with the run that was begun")
    _add_network(command.add_argument_group("the networks"))
    _add_training(command.add_argument_group("the training"))
    _add_stability(command.add_argument_group("stability"))
    _add_about(command.add_argument_group("kept with the generator"))
    machine = command.add_argument_group("the machine")
    _add_device(machine)
    add_precision(machine)


def add_sample(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "model", type=Path, metavar="MODEL", help="the generator that train-gan has left: .safetensors"
    )
    command.add_argument("-o", "--output", type=Path, required=True, help=f"the picture: {', '.join(FORMATS)}")
    command.add_argument("--width", type=int, default=SHEET, help="in pixels, 1 to 8192 (%(default)s)")
    command.add_argument("--height", type=int, default=SHEET, help="in pixels, 1 to 8192 (%(default)s)")
    command.add_argument("--seed", type=int, default=0, help="same seed, same picture (%(default)s)")
    command.add_argument("--sheet", action="store_true", help="64 small pictures instead: all that a single kind makes")
    _add_device(command)


def add_precision(group: argparse._ActionsContainer) -> None:
    group.add_argument(
        "--precision",
        default="auto",
        help="of the convolutions: fp32, bf16, or auto, which is bf16 where the machine computes in it (%(default)s)",
    )


def _add_device(group: argparse._ActionsContainer) -> None:
    group.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1 (%(default)s)")


def _add_network(group: argparse._ArgumentGroup) -> None:
    defaults = GanSettings()
    group.add_argument(
        "--kind",
        choices=KINDS,
        default=defaults.kind,
        help="field: seamless pictures of any size; single: the paper's, of one size (%(default)s)",
    )
    group.add_argument(
        "--size", type=int, choices=SIZES, default=defaults.size, help="what is seen at once, in pixels (%(default)s)"
    )
    group.add_argument(
        "--width",
        type=int,
        default=defaults.width,
        help="channels of the last layer but one, 8 to 128; the paper's are 64 (%(default)s)",
    )


def _add_training(group: argparse._ArgumentGroup) -> None:
    defaults = GanSettings()
    numbers = {
        "steps": "steps of either network, 1 to 1000000",
        "batch": "pictures a step, 2 to 2048",
        "shortest": "short side that pictures are reduced to, 0 to 4096; 0: a crop's, or for fields 4 times the size",
        "seed": "same seed, same generator",
        "evaluate-every": "steps from one evaluation to the next, 1 to 1000000",
        "judged": "pictures compared in an evaluation, 2 to 100000",
    }
    for name, what in numbers.items():
        default = getattr(defaults, name.replace("-", "_"))
        group.add_argument(f"--{name}", type=int, default=default, metavar="N", help=f"{what} (%(default)s)")


def _add_stability(group: argparse._ArgumentGroup) -> None:
    defaults = GanSettings()
    rates = {"learning-rate": "the generator's", "discriminator-rate": "the discriminator's"}
    for name, whose in rates.items():
        default = getattr(defaults, name.replace("-", "_"))
        group.add_argument(
            f"--{name}",
            type=float,
            default=default,
            metavar="R",
            help=f"{whose} learning rate, 1e-7 to 1 (%(default)s)",
        )
    group.add_argument(
        "--average",
        type=float,
        default=defaults.average,
        help="decay a step of the average that is kept, 0 to 0.99999; 0: the last generator is (%(default)s)",
    )
    switches = {
        "augment": "show the discriminator all pictures shifted, recoloured and cut out: it helps where there are few",
        "spectral-norm": "keep the discriminator's layers from stretching anything by more than 1",
    }
    for name, what in switches.items():
        default = getattr(defaults, name.replace("-", "_"))
        group.add_argument(
            f"--{name}",
            action=argparse.BooleanOptionalAction,
            default=default,
            help=f"{what} ({'on' if default else 'off'})",
        )


def _add_about(group: argparse._ArgumentGroup) -> None:
    texts = {
        "name": "what the generator is called",
        "data": "what it has learnt from",
        "licence": "on what terms it may be used",
    }
    for name, what in texts.items():
        group.add_argument(f"--{name}", default="", metavar="TEXT", help=f"{what} (nothing)")
