"""What can be typed after `python -m ml`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

from ml.colour import COLOURS
from ml.gan_arguments import add_precision, add_sample, add_train_gan
from ml.layers import ARCHITECTURES, POOLINGS
from ml.outputs import FORMATS
from ml.provenance import VERSION
from ml.settings import GAN_COLOURS, INITS, LARGEST, PRESETS, SMALLEST, STATISTICS, Settings

# A pebibyte.
MOST_GIBIBYTES = 2**20
DESCRIPTION = "Paint photos in the style of a picture, and train the generators that a painting may start from."
EXAMPLES = """examples:
  python -m ml stylize photo.jpg style.jpg -o painting.png
  python -m ml stylize photo.jpg waves.jpg mosaic.jpg --blend 3 1 -o painting.png
  python -m ml stylize photo.jpg sky.jpg house.jpg --masks sky-mask.png house-mask.png -o painting.png
  python -m ml stylize photo.jpg style.jpg --start painting.png --coarsest 512 --size 1024 -o larger.png
  python -m ml batch holiday/*.jpg --styles waves.jpg -o paintings
  python -m ml repeat painting.png photo.jpg style.jpg -o again.png
  python -m ml train-gan pictures.zip -o strokes.safetensors
  python -m ml sample strokes.safetensors --width 1200 --height 800 --seed 3 -o strokes.png
  python -m ml stylize photo.jpg style.jpg --init gan --generator strokes.safetensors -o painting.png
"""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in a line, and not how all the rest is written."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"ml: {message}; {self.prog} --help tells more\n")


def parser() -> Parser:
    root = Parser(
        prog="python -m ml",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument("--version", action="version", version=VERSION, help="print the engine's version")
    commands = root.add_subparsers(required=True, metavar="COMMAND", dest="command")
    _add_stylize(commands.add_parser("stylize", help="paint a photo in the style of one or more pictures"))
    _add_batch(commands.add_parser("batch", help="paint many photos in one style"))
    _add_repeat(commands.add_parser("repeat", help="paint a painting again from the record that it carries"))
    _add_evaluate(commands.add_parser("evaluate", help="print the published losses of a picture as JSON"))
    add_train_gan(commands.add_parser("train-gan", help="train a generator on a set of pictures"))
    add_sample(commands.add_parser("sample", help="make a picture by a trained generator"))
    _add_fetch_weights(commands.add_parser("fetch-weights", help="put the feature network's weights on this machine"))
    return root


def _add_stylize(command: argparse.ArgumentParser) -> None:
    _add_pictures(command)
    _add_output(command, required=False)
    _add_result(command.add_argument_group("the result"))
    beginning = command.add_argument_group("where it begins")
    origin = beginning.add_mutually_exclusive_group()
    _add_init(origin)
    origin.add_argument(
        "--start",
        type=Path,
        metavar="FILE",
        help="start from this picture: an earlier result, or any; it is stretched to the photo's shape and reduced to "
        "--coarsest, so that the larger that is, the more is kept of it",
    )
    _add_beginning(beginning)
    _add_style(command.add_argument_group("the style"))
    _add_photo(command.add_argument_group("the photo"))
    machine = command.add_argument_group("the machine")
    _add_machine(machine)
    machine.add_argument(
        "--predict", action="store_true", help="say how long it would take and how much memory, and paint nothing"
    )
    _add_files(command.add_argument_group("beside the result"))


def _add_batch(command: argparse.ArgumentParser) -> None:
    command.add_argument("photos", type=Path, nargs="+", metavar="PHOTO", help="the photos, painted each by itself")
    command.add_argument(
        "--styles", type=Path, nargs="+", required=True, metavar="STYLE", help="the pictures to learn the style from"
    )
    command.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FOLDER", help="where each photo's painting goes, as PNG"
    )
    _add_result(command.add_argument_group("the result"))
    beginning = command.add_argument_group("where it begins")
    _add_init(beginning)
    _add_beginning(beginning)
    _add_style(command.add_argument_group("the style"))
    _add_photo(command.add_argument_group("the photo"))
    machine = command.add_argument_group("the machine")
    _add_machine(machine)
    machine.add_argument(
        "--at-once", type=int, metavar="N", default=4, help="photos painted side by side (%(default)s)"
    )


def _add_repeat(command: argparse.ArgumentParser) -> None:
    command.add_argument("record", type=Path, metavar="RECORD", help="a painted PNG, or the JSON that --record wrote")
    _add_pictures(command)
    _add_output(command, required=True)
    command.add_argument("--start", type=Path, metavar="FILE", help="the picture that it was started from, if any")
    command.add_argument(
        "--generator", type=Path, metavar="FILE", help="the generator that it was started from, if any"
    )
    _add_device(command)
    _add_memory(command)
    _add_files(command)


def _add_evaluate(command: argparse.ArgumentParser) -> None:
    command.add_argument("content", type=Path, metavar="CONTENT", help="the photo whose forms it should have")
    command.add_argument("style", type=Path, metavar="STYLE", help="the picture whose style it should have")
    command.add_argument("image", type=Path, metavar="IMAGE", help="the picture to judge, at its own size, in float32")
    _add_network(command)
    _add_device(command)


def _add_fetch_weights(command: argparse.ArgumentParser) -> None:
    _add_network(command)


def _add_pictures(command: argparse.ArgumentParser) -> None:
    command.add_argument("content", type=Path, metavar="CONTENT", help="the photo")
    command.add_argument("styles", type=Path, nargs="+", metavar="STYLE", help="the pictures to learn the style from")
    command.add_argument(
        "--masks",
        type=Path,
        nargs="+",
        default=[],
        metavar="MASK",
        help="where to paint each style: white on black, or on what is transparent",
    )


def _add_output(command: argparse.ArgumentParser, *, required: bool) -> None:
    command.add_argument("-o", "--output", type=Path, required=required, help=f"the painting: {', '.join(FORMATS)}")


def _add_result(group: argparse._ArgumentGroup) -> None:
    defaults = Settings()
    steps = ", ".join(f"{name} {preset['coarse_steps']} and {preset['fine_steps']}" for name, preset in PRESETS.items())
    group.add_argument(
        "--size", type=int, default=defaults.size, help=f"long side in pixels, {SMALLEST} to {LARGEST} (%(default)s)"
    )
    group.add_argument(
        "--preset",
        choices=PRESETS,
        default="standard",
        help=f"speed against finish, in evaluations at the smallest scale and at the result's size: {steps} "
        "(%(default)s)",
    )
    group.add_argument(
        "--coarse-steps", type=int, metavar="N", help="evaluations at the smallest scale, 1 to 100000 (the preset's)"
    )
    group.add_argument(
        "--fine-steps",
        type=int,
        metavar="N",
        help="evaluations at the result's size, where there are smaller scales before it, 1 to 100000 (the preset's)",
    )


def _add_init(group: argparse._ActionsContainer) -> None:
    group.add_argument(
        "--init",
        choices=INITS,
        default=Settings().init,
        help="start from the photo with a little noise, from noise alone, or from a generator's picture (%(default)s)",
    )


def _add_beginning(group: argparse._ArgumentGroup) -> None:
    defaults = Settings()
    group.add_argument(
        "--generator",
        type=Path,
        metavar="FILE",
        help="with --init gan, the field generator that train-gan has left: .safetensors",
    )
    group.add_argument(
        "--gan-strength",
        type=float,
        default=defaults.gan_strength,
        help="with --init gan, the generator's share of the start, 0 to 1; the rest is the photo (%(default)s)",
    )
    group.add_argument(
        "--gan-colours",
        choices=GAN_COLOURS,
        default=defaults.gan_colours,
        help="with --init gan, the colours of the generator's picture: the first style's, or its own (%(default)s)",
    )
    group.add_argument(
        "--seed", type=int, default=defaults.seed, help="of all noise: same seed, same picture (%(default)s)"
    )
    group.add_argument(
        "--coarsest",
        type=int,
        default=defaults.coarsest,
        help=f"long side of the first, smallest scale in pixels, {SMALLEST} to {LARGEST} (%(default)s)",
    )


def _add_style(group: argparse._ArgumentGroup) -> None:
    defaults = Settings()
    layers = " ".join(f"{layer}={weight:g}" for layer, weight in defaults.style_layers)
    group.add_argument(
        "--style-weight",
        type=float,
        default=defaults.style_weight,
        help="how much the style counts, 0 to 1e6 (%(default)s)",
    )
    group.add_argument(
        "--style-scale",
        type=float,
        default=defaults.style_scale,
        help="brush size: the style picture's long side over the result's, 0.1 to 4; it is never enlarged, though "
        "(%(default)s)",
    )
    group.add_argument(
        "--blend", type=float, nargs="+", default=[], metavar="W", help="a weight for each style, 0 to 1e6 (equal)"
    )
    group.add_argument(
        "--statistic",
        choices=STATISTICS,
        default=defaults.statistic,
        help="what of each layer is matched: Gram matrices or Gaussians (%(default)s)",
    )
    group.add_argument(
        "--evenness",
        type=float,
        default=defaults.evenness,
        help="how much every part must have the style, 0 to 1 (%(default)s)",
    )
    group.add_argument(
        "--colours",
        choices=COLOURS,
        default=defaults.colours,
        help="style: the style's; matched: the style's, moved to the photo's; photo: the photo's own (%(default)s)",
    )
    group.add_argument(
        "--style-layers",
        type=_layer_weight,
        nargs="+",
        default=defaults.style_layers,
        metavar="LAYER=W",
        help=f"the layers at which the style is matched, with their shares, 0 to 1e6 ({layers})",
    )


def _add_photo(group: argparse._ArgumentGroup) -> None:
    defaults = Settings()
    group.add_argument(
        "--content-weight",
        type=float,
        default=defaults.content_weight,
        help="how much the photo's forms count, 0 to 1e6 (%(default)s)",
    )
    group.add_argument(
        "--content-layer",
        default=defaults.content_layer,
        metavar="LAYER",
        help="the layer at which the photo's forms are compared (%(default)s)",
    )
    group.add_argument(
        "--tv-weight",
        type=float,
        default=defaults.tv_weight,
        help="how much smoothness counts, 0 to 1e6 (%(default)s)",
    )


def _add_machine(group: argparse._ArgumentGroup) -> None:
    _add_network(group)
    group.add_argument(
        "--pooling",
        choices=POOLINGS,
        default=Settings().pooling,
        help="how the network halves its layers: by maxima, as it was trained, or by averages, as Gatys et al. have it "
        "(%(default)s)",
    )
    add_precision(group)
    _add_device(group)
    _add_memory(group)


def _add_network(group: argparse._ActionsContainer) -> None:
    group.add_argument(
        "--network", choices=ARCHITECTURES, default="vgg16", help="the network that sees the pictures (%(default)s)"
    )


def _add_device(group: argparse._ActionsContainer) -> None:
    group.add_argument(
        "--device", default="auto", help="auto, cpu, cuda, cuda:1; cuda:0,cuda:1 share one picture (%(default)s)"
    )


def _add_memory(group: argparse._ActionsContainer) -> None:
    group.add_argument(
        "--memory",
        type=_gibibytes,
        metavar="GIB",
        help="how much it may take, on all devices together; what would take more is painted in slower tiles; "
        "where that is too little, in the smallest ones (most of the machine's)",
    )


def _add_files(group: argparse._ActionsContainer) -> None:
    group.add_argument(
        "--checkpoint",
        type=Path,
        metavar="FILE",
        help="go on from this file if it exists, and write it now and then; one of other pictures, settings or another "
        "version is written over; it is removed at the end",
    )
    group.add_argument(
        "--log",
        type=Path,
        metavar="FILE",
        help="write a JSON object an evaluation: the loss curve; one that is gone on with is added to",
    )
    group.add_argument(
        "--time-lapse",
        type=Path,
        metavar="FILE",
        help="animate how it came into being since the start, or since it was gone on with: .webp",
    )
    group.add_argument(
        "--record", type=Path, metavar="FILE", dest="record_to", help="write the record that a PNG carries as JSON too"
    )


def _layer_weight(text: str) -> tuple[str, float]:
    layer, equals, weight = text.partition("=")
    try:
        return layer, float(weight) if equals else 1.0
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not like relu3_1=0.5") from None


def _gibibytes(text: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        amount = 0
    if not 0 < amount <= MOST_GIBIBYTES:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of GiB above 0, and up to {MOST_GIBIBYTES}")
    return amount
