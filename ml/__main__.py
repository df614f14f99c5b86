"""The command line: `python -m ml stylize`, `repeat`, `evaluate`, `fetch-weights`."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

import ml
from ml.arguments import FORMATS, parser
from ml.evaluation import evaluate
from ml.features import FeatureNetwork
from ml.provenance import Record
from ml.terminal import Observer, bar_on, each, log_to
from ml.timelapse import TimeLapse

# Every chroma sample kept: brush strokes are colour edges.
SAVE_OPTIONS = {"JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"quality": 95}}


class UsageError(Exception):
    """What was asked cannot be done; the message is one sentence for the person who typed the command."""


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = parser().parse_args(arguments)
    logging.basicConfig(format="ml: %(message)s")
    try:
        COMMANDS[chosen.command](chosen)
    except (UsageError, ml.EngineError, OSError) as error:
        print(f"ml: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("ml: interrupted", file=sys.stderr)
        return 130
    return 0


@dataclass(frozen=True)
class Pictures:
    """The pictures that a command names, read."""

    content: Image.Image
    styles: list[Image.Image]
    masks: list[Image.Image]
    start: Image.Image | None

    @classmethod
    def of(cls, chosen: argparse.Namespace) -> Pictures:
        return cls(
            _read(chosen.content),
            [_read(style) for style in chosen.styles],
            [_read(mask) for mask in chosen.masks],
            _read(chosen.start) if chosen.start else None,
        )

    def record(self, settings: ml.Settings, network: FeatureNetwork) -> Record:
        return Record.of(self.content, self.styles, settings, network, self.masks, self.start)


def stylize(chosen: argparse.Namespace) -> None:
    _check_paths(chosen)
    settings = _settings_of(chosen)
    pictures = Pictures.of(chosen)
    _paint(chosen, pictures, settings, ml.load_network(chosen.network, chosen.device, chosen.precision))


def repeat(chosen: argparse.Namespace) -> None:
    _check_paths(chosen)
    record = Record.read(chosen.record)
    pictures = Pictures.of(chosen)
    network = ml.load_network(record.settings.network, chosen.device, record.precision)
    different = record.difference(pictures.record(record.settings, network))
    if different:
        raise UsageError(f"the painting in {chosen.record} was made with another {different}")
    _paint(chosen, pictures, record.settings, network)


def run_evaluate(chosen: argparse.Namespace) -> None:
    content, style, image = map(_read, [chosen.content, chosen.style, chosen.image])
    network = ml.load_network(chosen.network, chosen.device, "fp32")
    print(json.dumps(evaluate(network, content, style, image), indent=2))


def fetch_weights(chosen: argparse.Namespace) -> None:
    ml.fetch_weights(chosen.network)


COMMANDS = {"stylize": stylize, "repeat": repeat, "evaluate": run_evaluate, "fetch-weights": fetch_weights}


def _paint(chosen: argparse.Namespace, pictures: Pictures, settings: ml.Settings, network: FeatureNetwork) -> None:
    checkpoint = ml.Checkpoint(chosen.checkpoint) if chosen.checkpoint else None
    time_lapse = TimeLapse() if chosen.time_lapse else None
    with ExitStack() as files:
        observers: list[Observer] = [time_lapse] if time_lapse else []
        if sys.stderr.isatty():
            observers.append(bar_on(sys.stderr))
        if chosen.log:
            observers.append(log_to(files.enter_context(chosen.log.open("w"))))
        painting = ml.stylize(
            pictures.content,
            pictures.styles,
            settings,
            masks=pictures.masks,
            start=pictures.start,
            network=network,
            observer=each(observers),
            checkpoint=checkpoint,
            memory=None if chosen.memory is None else round(chosen.memory * 2**30),
        )
    _save(painting, chosen, pictures.record(settings, network))
    if time_lapse:
        time_lapse.save(chosen.time_lapse)
    if checkpoint:
        checkpoint.discard()


def _save(painting: Image.Image, chosen: argparse.Namespace, record: Record) -> None:
    kind = FORMATS[chosen.output.suffix.lower()]
    options = {"pnginfo": record.in_png()} if kind == "PNG" else SAVE_OPTIONS[kind]
    painting.save(chosen.output, kind, **options)
    if chosen.record_to:
        chosen.record_to.write_text(record.to_json() + "\n")


def _settings_of(chosen: argparse.Namespace) -> ml.Settings:
    names = (
        "size coarsest init colours seed content_weight style_weight evenness tv_weight style_scale content_layer "
        "network"
    )
    steps = {name: value for name in ("coarse_steps", "fine_steps") if (value := getattr(chosen, name)) is not None}
    return ml.Settings.for_preset(
        chosen.preset,
        **{name: getattr(chosen, name) for name in names.split()},
        **steps,
        style_layers=tuple(chosen.style_layers),
        blend=tuple(chosen.blend),
    )


def _check_paths(chosen: argparse.Namespace) -> None:
    """Nobody should learn of a wrong name after the minutes that a painting takes."""
    if chosen.output.suffix.lower() not in FORMATS:
        raise UsageError(f"{chosen.output} does not end in one of {', '.join(FORMATS)}")
    for path in (chosen.output, chosen.checkpoint, chosen.log, chosen.time_lapse, chosen.record_to):
        if path and not path.absolute().parent.is_dir():
            raise UsageError(f"the folder of {path} does not exist")


def _read(path: Path) -> Image.Image:
    try:
        return ml.decode_picture(path)
    except ml.PictureError as error:
        raise UsageError(f"{path}: {error}") from error
    except FileNotFoundError as error:
        raise UsageError(f"{path} does not exist") from error


if __name__ == "__main__":
    sys.exit(main())
