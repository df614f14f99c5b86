"""The command line: `python -m ml stylize`, `batch`, `repeat`, `evaluate`, `train-gan`, `sample`, `fetch-weights`."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

import ml
from ml import gan_commands
from ml.arguments import parser
from ml.batch_command import batch
from ml.chosen import generator_of, memory_of, read_picture, settings_of
from ml.errors import UsageError, in_words
from ml.evaluation import evaluate
from ml.features import FeatureNetwork
from ml.files import is_stream, whole
from ml.generators import TrainedGenerator
from ml.interruption import Interrupted, Interruption
from ml.outputs import check_folder, check_picture_path, check_spared, check_writable, save_picture
from ml.pictures import MASK_GROUND
from ml.provenance import Record
from ml.terminal import LossCurve, Observer, bar_on, each, line_of, prediction_line, say
from ml.timelapse import TimeLapse
from ml.transfer import check_commission


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = parser().parse_args(arguments)
    logging.basicConfig(format=line_of("%(message)s", sys.stderr))
    try:
        COMMANDS[chosen.command](chosen)
    except (UsageError, ml.EngineError, OSError) as error:
        say(in_words(error), sys.stderr)
        return 1
    except Interrupted as end:
        say(str(end), sys.stderr)
        return end.exit_status
    except KeyboardInterrupt:
        say("interrupted", sys.stderr)
        return 130
    return 0


@dataclass(frozen=True)
class Pictures:
    """The pictures that a command names, read."""

    content: Image.Image
    styles: list[Image.Image]
    masks: list[Image.Image]
    start: Image.Image | None
    generator: TrainedGenerator | None

    @classmethod
    def of(cls, chosen: argparse.Namespace, settings: ml.Settings) -> Pictures:
        return cls(
            read_picture(chosen.content),
            [read_picture(style) for style in chosen.styles],
            [read_picture(mask, MASK_GROUND) for mask in chosen.masks],
            read_picture(chosen.start) if chosen.start else None,
            generator_of(chosen, settings),
        )

    def commission(self, settings: ml.Settings) -> ml.Commission:
        return ml.Commission(self.content, self.styles, settings, self.masks, self.start, self.generator)

    def record(self, settings: ml.Settings, network: FeatureNetwork) -> Record:
        return Record.of(self.content, self.styles, settings, network, self.masks, self.start, self.generator)


def stylize(chosen: argparse.Namespace) -> None:
    if not chosen.predict:
        _check_paths(chosen)
    settings = settings_of(chosen)
    pictures = Pictures.of(chosen, settings)
    network = ml.load_network(chosen.network, chosen.device, chosen.precision)
    if chosen.predict:
        check_commission(pictures.commission(settings), network)
        masks = len(pictures.masks)
        print(prediction_line(ml.predict(pictures.content.size, settings, network, memory_of(chosen), masks)))
    else:
        _paint(chosen, pictures, settings, network)


def repeat(chosen: argparse.Namespace) -> None:
    _check_paths(chosen, chosen.record)
    record = Record.read(chosen.record)
    pictures = Pictures.of(chosen, record.settings)
    network = ml.load_network(record.settings.network, chosen.device, record.precision)
    given = pictures.record(record.settings, network)
    different = record.difference(given)
    if different:
        raise UsageError(f"the painting in {chosen.record} {_made_otherwise(different, record, given)}")
    _paint(chosen, pictures, record.settings, network)


def run_evaluate(chosen: argparse.Namespace) -> None:
    content, style, image = map(read_picture, [chosen.content, chosen.style, chosen.image])
    network = ml.load_network(chosen.network, chosen.device, "fp32")
    print(json.dumps(evaluate(network, content, style, image), indent=2))


def fetch_weights(chosen: argparse.Namespace) -> None:
    ml.fetch_weights(chosen.network)


COMMANDS = {
    "stylize": stylize,
    "batch": batch,
    "repeat": repeat,
    "evaluate": run_evaluate,
    "train-gan": gan_commands.train_gan,
    "sample": gan_commands.sample,
    "fetch-weights": fetch_weights,
}


def _made_otherwise(different: str, record: Record, given: Record) -> str:
    """How a painting was made that cannot be repeated with what is given."""
    if different == "engine":
        return f"was made by version {record.engine}, and this is {given.engine}"
    if different not in ("masks", "start", "generator"):
        return f"was made with {'other' if different.endswith('s') else 'another'} {different}"
    if not getattr(given, different):
        return f"was made with what --{different} has to name"
    return f"was made with another --{different}" if getattr(record, different) else f"was made without --{different}"


def _paint(chosen: argparse.Namespace, pictures: Pictures, settings: ml.Settings, network: FeatureNetwork) -> None:
    with Interruption() as interruption:
        try:
            _paint_unless(interruption.asked, chosen, pictures, settings, network)
        except ml.Stopped as stopped:
            kept = chosen.checkpoint and chosen.checkpoint.exists()
            goes_on = f"; the same command goes on from {chosen.checkpoint}" if kept else ""
            raise Interrupted(f"stopped{goes_on}", interruption.signal) from stopped


def _paint_unless(
    should_stop: Callable[[], bool],
    chosen: argparse.Namespace,
    pictures: Pictures,
    settings: ml.Settings,
    network: FeatureNetwork,
) -> None:
    checkpoint = ml.Checkpoint(chosen.checkpoint) if chosen.checkpoint else None
    time_lapse = TimeLapse() if chosen.time_lapse else None
    painting = ml.stylize(
        pictures.content,
        pictures.styles,
        settings,
        masks=pictures.masks,
        start=pictures.start,
        generator=pictures.generator,
        network=network,
        observer=each(_observers(chosen, time_lapse)),
        should_stop=should_stop,
        checkpoint=checkpoint,
        memory=memory_of(chosen),
    )
    _save(painting, chosen, pictures.record(settings, network))
    if time_lapse and time_lapse.pictures:
        time_lapse.save(chosen.time_lapse)
    elif time_lapse:
        say("the painting was complete in its checkpoint; there is nothing to make a time-lapse of", sys.stderr)
    if checkpoint:
        checkpoint.discard()


def _observers(chosen: argparse.Namespace, time_lapse: TimeLapse | None) -> list[Observer]:
    observers: list[Observer] = [time_lapse] if time_lapse else []
    if sys.stderr.isatty():
        observers.append(bar_on(sys.stderr))
    if chosen.log:
        observers.append(LossCurve(chosen.log))
    return observers


def _save(painting: Image.Image, chosen: argparse.Namespace, record: Record) -> None:
    save_picture(painting, chosen.output, pnginfo=record.in_png())
    if chosen.record_to:
        with whole(chosen.record_to) as file:
            file.write(f"{record.to_json()}\n".encode())


def _check_paths(chosen: argparse.Namespace, *read: Path) -> None:
    """Nobody should learn after the painting where it cannot go. `read`: what else it is made of."""
    if not chosen.output:
        raise UsageError("-o is needed, unless all that is wanted is to --predict")
    check_picture_path(chosen.output)
    # A checkpoint or a log that cannot be written does not cost the painting.
    dispensable = [path for path in (chosen.checkpoint, chosen.log) if path]
    wanted = [path for path in (chosen.time_lapse, chosen.record_to) if path]
    for path in dispensable:
        check_folder(path)
    for path in wanted:
        check_writable(path)
    beside = [*dispensable, *wanted]
    files = [path for path in (chosen.output, *beside) if not is_stream(path)]
    if len(set(map(os.path.realpath, files))) < len(files):
        raise UsageError("two of the files to be written have the same name")
    origins = [path for path in (chosen.start, chosen.generator, *read) if path]
    check_spared([chosen.content, *chosen.styles, *chosen.masks, *origins], [chosen.output, *beside])
    if chosen.time_lapse and chosen.time_lapse.suffix.lower() != ".webp":
        raise UsageError(f"{chosen.time_lapse} does not end in .webp")
    if chosen.log and chosen.log.is_fifo():
        raise UsageError(f"{chosen.log} is a named pipe, in which no log can be gone on with")
    if chosen.checkpoint and not ml.Checkpoint(chosen.checkpoint).is_free():
        raise UsageError(f"{chosen.checkpoint} is no checkpoint; it is left as it is")


if __name__ == "__main__":
    sys.exit(main())
