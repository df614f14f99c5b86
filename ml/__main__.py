"""The command line: `python -m ml stylize`, `evaluate`, `fetch-weights`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from PIL import Image

import ml
from ml.colour import COLOURS
from ml.evaluation import evaluate
from ml.layers import ARCHITECTURES
from ml.settings import INITS

FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
# Every chroma sample kept: brush strokes are colour edges.
SAVE_OPTIONS = {"JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"quality": 95}}
LOGGED = ("step", "scale", "content", "style", "tv", "total")


class UsageError(Exception):
    """What was asked cannot be done; the message is one sentence for the person who typed the command."""


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = parser().parse_args(arguments)
    try:
        chosen.run(chosen)
    except (UsageError, ml.EngineError, OSError) as error:
        print(f"ml: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("ml: interrupted", file=sys.stderr)
        return 130
    return 0


def parser() -> argparse.ArgumentParser:
    root = argparse.ArgumentParser(prog="python -m ml", description="Paint photos in the style of a picture.")
    commands = root.add_subparsers(required=True, metavar="COMMAND")
    _add_stylize(commands.add_parser("stylize", help="paint a photo in the style of one or more pictures"))
    _add_evaluate(commands.add_parser("evaluate", help="print the published losses of a picture as JSON"))
    _add_fetch_weights(commands.add_parser("fetch-weights", help="put the feature network's weights on this machine"))
    return root


def _add_stylize(command: argparse.ArgumentParser) -> None:
    defaults = ml.Settings()
    command.add_argument("content", type=Path, metavar="CONTENT", help="the photo")
    command.add_argument("styles", type=Path, nargs="+", metavar="STYLE", help="the pictures to learn the style from")
    command.add_argument("-o", "--output", type=Path, required=True, help=f"the result: {', '.join(FORMATS)}")
    command.add_argument("--size", type=int, default=defaults.size, help="long side in pixels (%(default)s)")
    command.add_argument("--preset", choices=ml.PRESETS, default="standard", help="speed against finish (%(default)s)")
    command.add_argument("--init", choices=INITS, default=defaults.init, help="start from (%(default)s)")
    command.add_argument("--colours", choices=COLOURS, default=defaults.colours, help="whose colours (%(default)s)")
    command.add_argument("--seed", type=int, default=defaults.seed, help="same seed, same picture (%(default)s)")
    command.add_argument("--style-weight", type=float, default=defaults.style_weight, help="strength (%(default)s)")
    command.add_argument("--evenness", type=float, default=defaults.evenness, help="style in every part (%(default)s)")
    command.add_argument("--style-scale", type=float, default=defaults.style_scale, help="brush size (%(default)s)")
    command.add_argument("--tv-weight", type=float, default=defaults.tv_weight, help="smoothness (%(default)s)")
    command.add_argument("--blend", type=float, nargs="+", default=[], metavar="W", help="weights of the styles")
    command.add_argument(
        "--masks", type=Path, nargs="+", default=[], metavar="MASK", help="where to paint each style: white on black"
    )
    _add_network(command)
    command.add_argument("--checkpoint", type=Path, metavar="FILE", help="resume from it, and write it now and then")
    command.add_argument("--log", type=Path, metavar="FILE", help="write a JSON object an evaluation")
    command.set_defaults(run=run_stylize)


def _add_evaluate(command: argparse.ArgumentParser) -> None:
    command.add_argument("content", type=Path, metavar="CONTENT")
    command.add_argument("style", type=Path, metavar="STYLE")
    command.add_argument("image", type=Path, metavar="IMAGE", help="the picture to judge, at its own size, in float32")
    command.add_argument("--network", choices=ARCHITECTURES, default="vgg16")
    command.add_argument("--device", default="auto")
    command.set_defaults(run=run_evaluate)


def _add_fetch_weights(command: argparse.ArgumentParser) -> None:
    command.add_argument("--network", choices=ARCHITECTURES, default="vgg16")
    command.set_defaults(run=lambda chosen: ml.fetch_weights(chosen.network))


def _add_network(command: argparse.ArgumentParser) -> None:
    command.add_argument("--network", choices=ARCHITECTURES, default="vgg16", help="feature network (%(default)s)")
    command.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, mps (%(default)s)")
    command.add_argument("--precision", default="auto", help="auto, fp32, bf16 (%(default)s)")


def run_stylize(chosen: argparse.Namespace) -> None:
    kind = _format_of(chosen.output)
    settings = _settings_of(chosen)
    content, *styles = map(_read, [chosen.content, *chosen.styles])
    masks = [_read(mask) for mask in chosen.masks]
    network = ml.load_network(chosen.network, chosen.device, chosen.precision)
    checkpoint = ml.Checkpoint(chosen.checkpoint) if chosen.checkpoint else None
    with ExitStack() as files:
        observers = [_progress_line()] if sys.stderr.isatty() else []
        if chosen.log:
            observers.append(_log_to(files.enter_context(chosen.log.open("w"))))
        picture = ml.stylize(
            content, styles, settings, masks=masks, network=network, observer=_each(observers), checkpoint=checkpoint
        )
    picture.save(chosen.output, kind, **SAVE_OPTIONS.get(kind, {}))
    if checkpoint:
        checkpoint.discard()


def run_evaluate(chosen: argparse.Namespace) -> None:
    content, style, image = map(_read, [chosen.content, chosen.style, chosen.image])
    network = ml.load_network(chosen.network, chosen.device, "fp32")
    print(json.dumps(evaluate(network, content, style, image), indent=2))


def _settings_of(chosen: argparse.Namespace) -> ml.Settings:
    return ml.Settings.for_preset(
        chosen.preset,
        size=chosen.size,
        init=chosen.init,
        colours=chosen.colours,
        seed=chosen.seed,
        style_weight=chosen.style_weight,
        evenness=chosen.evenness,
        style_scale=chosen.style_scale,
        tv_weight=chosen.tv_weight,
        blend=tuple(chosen.blend),
        network=chosen.network,
    )


def _format_of(output: Path) -> str:
    if output.suffix.lower() not in FORMATS:
        raise UsageError(f"{output} does not end in one of {', '.join(FORMATS)}")
    if not output.absolute().parent.is_dir():
        raise UsageError(f"the folder of {output} does not exist")
    return FORMATS[output.suffix.lower()]


def _read(path: Path) -> Image.Image:
    try:
        return ml.decode_picture(path)
    except ml.PictureError as error:
        raise UsageError(f"{path}: {error}") from error
    except FileNotFoundError as error:
        raise UsageError(f"{path} does not exist") from error


def _each(observers: Sequence[Callable[[ml.Progress], None]]) -> Callable[[ml.Progress], None]:
    def observe(progress: ml.Progress) -> None:
        for observer in observers:
            observer(progress)

    return observe


def _log_to(file: IO[str]) -> Callable[[ml.Progress], None]:
    def log(progress: ml.Progress) -> None:
        line = {"seconds": round(progress.seconds, 3)} | {name: getattr(progress, name) for name in LOGGED}
        print(json.dumps(line), file=file, flush=True)

    return log


def _progress_line() -> Callable[[ml.Progress], None]:
    def show(progress: ml.Progress) -> None:
        end = "\n" if progress.step == progress.total_steps else ""
        line = (
            f"{progress.fraction:4.0%}  {progress.width}×{progress.height}  step {progress.step}/{progress.total_steps}"
        )
        line += f"  loss {progress.total:.4g}  {progress.seconds_left:.0f} s left"
        print(f"\r{line:<78}", end=end, file=sys.stderr, flush=True)

    return show


if __name__ == "__main__":
    sys.exit(main())
