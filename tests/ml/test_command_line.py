"""`python -m ml`, as typed."""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

import ml
from ml.__main__ import main
from ml.arguments import parser
from ml.evaluation import evaluate
from ml.features import FeatureNetwork
from ml.prediction import Prediction
from ml.tensors import to_tensor
from ml.terminal import bar_line, prediction_line
from tests.full_disk import files_of_at_most
from tests.live import wait_until

QUICK = ["--size", "48", "--coarsest", "32", "--coarse-steps", "3", "--fine-steps", "2", "--precision", "fp32"]
QUICK_SETTINGS = ml.Settings(size=48, coarsest=32, coarse_steps=3, fine_steps=2)


@pytest.fixture
def pair(tmp_path: Path, content: Image.Image, style: Image.Image) -> tuple[str, str]:
    content.save(tmp_path / "content.png")
    style.save(tmp_path / "style.png")
    return str(tmp_path / "content.png"), str(tmp_path / "style.png")


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one sentence with which the command gives up."""
    assert main(arguments) == 1
    (sentence,) = capsys.readouterr().err.splitlines()
    return sentence


def test_a_photo_is_painted_and_every_evaluation_logged(tmp_path: Path, pair: tuple[str, str]) -> None:
    output, log = tmp_path / "painted.jpg", tmp_path / "run.jsonl"

    finished = subprocess.run(
        [sys.executable, "-m", "ml", "stylize", *pair, "-o", output, "--size", "64", "--preset", "draft", "--log", log],
        capture_output=True,
        text=True,
    )

    assert finished.returncode == 0, finished.stderr
    assert Image.open(output).size == (64, 48)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert set(lines[0]) == {"seconds", "step", "scale", "content", "style", "tv", "total"}
    assert [line["step"] for line in lines] == list(range(1, len(lines) + 1))
    assert lines[-1]["total"] < lines[0]["total"]


def test_a_resumed_painting_goes_on_with_its_log(
    tmp_path: Path, pair: tuple[str, str], network: FeatureNetwork, content: Image.Image, style: Image.Image
) -> None:
    """Of a run that was killed at step 5, three steps after its last checkpoint."""
    checkpoint, log, output = tmp_path / "run.checkpoint", tmp_path / "run.jsonl", str(tmp_path / "painted.png")
    stopped_after(2, checkpoint, content, style, network)
    log.write_text("".join(f'{{"seconds": 7, "step": {step}}}\n' for step in range(1, 6)) + '{"seconds": 8, "st')

    assert main(["stylize", *pair, "-o", output, *QUICK, "--checkpoint", str(checkpoint), "--log", str(log)]) == 0

    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["step"] for line in lines] == list(range(1, QUICK_SETTINGS.total_steps + 1))
    assert [line["seconds"] == 7 for line in lines[:3]] == [True, True, False]


def stopped_after(
    steps: int, checkpoint: Path, content: Image.Image, style: Image.Image, network: FeatureNetwork
) -> None:
    """Leave the checkpoint of a quick painting that was stopped after some steps, or was killed after its last."""
    told: list[ml.Progress] = []
    kept = ml.Checkpoint(checkpoint, every_seconds=0)
    with suppress(ml.Stopped):
        ml.stylize(
            content,
            [style],
            QUICK_SETTINGS,
            network=network,
            observer=told.append,
            should_stop=lambda: len(told) == steps,
            checkpoint=kept,
        )
    assert len(told) == steps


def test_a_log_is_left_alone_by_a_painting_that_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, pair: tuple[str, str]
) -> None:
    log, output = tmp_path / "run.jsonl", str(tmp_path / "painted.png")
    log.write_text('{"step": 1}\n')

    assert "masks" in refusal(capsys, "stylize", *pair, "-o", output, "--masks", pair[0], pair[0], "--log", str(log))

    assert log.read_text() == '{"step": 1}\n'


def test_a_log_that_cannot_be_written_does_not_cost_the_painting(
    tmp_path: Path, pair: tuple[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "folder").mkdir()

    assert main(["stylize", *pair, "-o", str(tmp_path / "painted.png"), *QUICK, "--log", str(tmp_path / "folder")]) == 0

    (message,) = caplog.messages
    assert re.fullmatch(r"the log \S+ could not be written \(.*Is a directory.*\); going on without", message)
    assert (tmp_path / "painted.png").exists()


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_a_painting_that_is_interrupted_is_gone_on_with_by_the_same_command(
    tmp_path: Path, pair: tuple[str, str], asked: signal.Signals
) -> None:
    whole, output, checkpoint, log = (tmp_path / name for name in ("whole.png", "painted.png", "run", "run.jsonl"))
    painted = ["stylize", *pair, *QUICK, "--coarse-steps", "120"]
    command = [*painted, "-o", str(output), "--checkpoint", str(checkpoint), "--log", str(log)]

    running = subprocess.Popen([sys.executable, "-m", "ml", *command], stderr=subprocess.PIPE, text=True)
    wait_until(lambda: log.exists() and log.read_text().count("\n") > 2, 60)
    running.send_signal(asked)
    _, printed = running.communicate(timeout=60)

    assert running.returncode == 128 + asked
    assert printed == f"ml: stopped; the same command goes on from {checkpoint}\n"
    assert checkpoint.exists()
    assert not output.exists()
    logged = log.read_text()
    assert main(command) == 0
    assert main([*painted, "-o", str(whole)]) == 0
    assert np.array_equal(np.asarray(Image.open(output)), np.asarray(Image.open(whole)))
    assert not checkpoint.exists()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["step"] for line in lines] == list(range(1, 123))
    assert log.read_text().startswith(logged)


def test_a_painting_without_a_checkpoint_is_stopped_too(tmp_path: Path, pair: tuple[str, str]) -> None:
    log, command = tmp_path / "run.jsonl", ["stylize", *pair, *QUICK, "--coarse-steps", "3000"]
    running = subprocess.Popen(
        [sys.executable, "-m", "ml", *command, "-o", tmp_path / "painted.png", "--log", log],
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until(log.exists, 60)
    running.send_signal(signal.SIGTERM)

    assert running.communicate(timeout=60) == (None, "ml: stopped\n")
    assert running.returncode == 143


def test_a_second_signal_ends_the_process_at_once() -> None:
    deaf = """
import os, signal
from ml.interruption import Interruption
with Interruption() as interruption:
    os.kill(os.getpid(), signal.SIGINT)
    print(interruption.asked(), flush=True)
    os.kill(os.getpid(), signal.SIGTERM)
    print("still there", flush=True)
"""
    ended = subprocess.run([sys.executable, "-c", deaf], capture_output=True, text=True)

    assert ended.stdout == "True\n"
    assert ended.returncode == -signal.SIGTERM


def test_a_signal_that_is_ignored_stays_so() -> None:
    """As Ctrl-C is by what a script runs in its background."""
    in_background = """
import os, signal
from ml.interruption import Interruption
signal.signal(signal.SIGINT, signal.SIG_IGN)
with Interruption() as interruption:
    os.kill(os.getpid(), signal.SIGINT)
    print(interruption.asked())
"""
    ended = subprocess.run([sys.executable, "-c", in_background], capture_output=True, text=True)

    assert (ended.stdout, ended.returncode) == ("False\n", 0)


def test_evaluate_prints_the_published_losses(
    capsys: pytest.CaptureFixture[str],
    pair: tuple[str, str],
    network: FeatureNetwork,
    content: Image.Image,
    style: Image.Image,
) -> None:
    """Gatys et al. 2016, eq. 1, 4 and 5, from the network's own activations in float64 NumPy."""
    photo, picture = pair
    assert main(["evaluate", photo, picture, picture]) == 0
    printed = json.loads(capsys.readouterr().out)

    assert (printed["width"], printed["height"]) == style.size
    assert printed["style"] == pytest.approx(0, abs=1e-3)
    F = activation(network, style, "relu4_2")
    P = activation(network, content.resize(style.size, Image.Resampling.LANCZOS), "relu4_2")
    assert printed["content"] == pytest.approx(0.5 * np.sum((F - P) ** 2), rel=1e-4)


def test_the_style_loss_follows_its_equations(
    network: FeatureNetwork, content: Image.Image, style: Image.Image
) -> None:
    losses = evaluate(network, content, style, content)

    small = style.resize((80, 80))
    for layer, printed in losses["style_layers"].items():
        F, S = (activation(network, picture, layer).reshape(-1) for picture in (content, small))
        channels = network.get_submodule(layer.replace("relu", "conv")).out_channels
        F, S = F.reshape(channels, -1), S.reshape(channels, -1)
        G, A = F @ F.T / F.shape[1], S @ S.T / S.shape[1]
        assert printed == pytest.approx(np.sum((G - A) ** 2) / (4 * channels**2), rel=1e-3)
    assert losses["style"] == pytest.approx(np.mean(list(losses["style_layers"].values())))


def activation(network: FeatureNetwork, picture: Image.Image, layer: str) -> np.ndarray:
    return network(to_tensor(picture), [layer], "average")[layer][0].double().numpy()


def test_a_missing_file_is_named(capsys: pytest.CaptureFixture[str], pair: tuple[str, str]) -> None:
    assert "nowhere.jpg does not exist" in refusal(capsys, "stylize", "nowhere.jpg", pair[1], "-o", "out.png")


def test_a_file_that_is_no_picture_is_named(
    capsys: pytest.CaptureFixture[str], pair: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "words.jpg").write_text("words")

    assert "words.jpg: not a picture" in refusal(
        capsys, "stylize", str(tmp_path / "words.jpg"), pair[1], "-o", "out.png"
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["-o", "out.gif"], "out.gif does not end in one of"),
        (["-o", "no/such/folder/out.png"], "the folder of no/such/folder/out.png does not exist"),
        ([], "-o is needed"),
        (["-o", "."], ". does not end in one of"),
        (["-o", "/proc/out.png"], "/proc/out.png cannot be written"),
        (["-o", f"{'long' * 70}.png"], "File name too long"),
        (["-o", "out.png", "--record", "."], ". is a folder"),
        (["-o", "out.png", "--time-lapse", "out.mp4"], "out.mp4 does not end in .webp"),
        (["-o", "out.png", "--record", "../{folder}/out.png"], "have the same name"),
        (["-o", "out.png", "--init", "gan"], "--generator FILE has to name"),
        (["-o", "out.png", "--size", "3"], "size is 3"),
        (["-o", "out.png", "--device", "abacus"], "no device 'abacus'"),
    ],
)
def test_a_wrong_option_is_named(
    capsys: pytest.CaptureFixture[str],
    pair: tuple[str, str],
    options: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)

    assert words in refusal(capsys, "stylize", *pair, *(option.format(folder=tmp_path.name) for option in options))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["content.png", "style.png"]


@pytest.mark.parametrize("unwritable", ["folder.png", "pipe.png", "kept.png"])
def test_where_no_painting_can_be_written_is_told_before_it_is_painted(
    capsys: pytest.CaptureFixture[str],
    pair: tuple[str, str],
    unwritable: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "folder.png").mkdir()
    os.mkfifo(tmp_path / "pipe.png")
    reader = os.open(tmp_path / "pipe.png", os.O_RDWR)
    (tmp_path / "kept.png").write_text("read-only")
    # Whoever runs the tests may be allowed to write over anything.
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "kept.png")
    words = {"folder.png": "is a folder", "pipe.png": "is no file", "kept.png": "is read-only"}[unwritable]

    refused = refusal(capsys, "stylize", *pair, "-o", str(tmp_path / unwritable), *QUICK)

    os.close(reader)
    assert unwritable in refused
    assert words in refused


def test_a_disk_that_is_full_in_the_end_leaves_the_old_painting(
    capsys: pytest.CaptureFixture[str], pair: tuple[str, str], tmp_path: Path
) -> None:
    painting = tmp_path / "painting.png"
    Image.open(pair[0]).save(painting)
    before = painting.read_bytes()

    with files_of_at_most(bytes=2000):
        refused = refusal(capsys, "stylize", *pair, "-o", str(painting), *QUICK)

    assert refused == f"ml: {painting}: File too large"
    assert painting.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["content.png", "painting.png", "style.png"]


def test_what_cannot_be_typed_is_told_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["stylize", "photo.jpg", "style.jpg", "--preset", "hasty"])

    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("ml: argument --preset: invalid choice: 'hasty'")
    assert line.endswith("python -m ml stylize --help tells more")
    assert end.value.code == 2


def test_missing_weights_are_named_with_their_remedy(
    capsys: pytest.CaptureFixture[str], pair: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STYLESITE_CACHE", str(tmp_path / "empty"))

    assert "python -m ml fetch-weights" in refusal(capsys, "stylize", *pair, "-o", str(tmp_path / "out.png"))


def test_a_painting_is_painted_again_from_the_record_it_carries(tmp_path: Path, pair: tuple[str, str]) -> None:
    painting, again, record = tmp_path / "painting.png", tmp_path / "again.png", tmp_path / "record.json"
    layers = ["--style-layers", "relu1_1", "relu3_1=0.5", "--content-layer", "relu3_2", "--seed", "9"]

    assert main(["stylize", *pair, "-o", str(painting), *QUICK, *layers, "--record", str(record)]) == 0
    assert main(["repeat", str(painting), *pair, "-o", str(again)]) == 0
    assert np.array_equal(np.asarray(Image.open(painting)), np.asarray(Image.open(again)))
    assert main(["repeat", str(record), *pair, "-o", str(again)]) == 0
    assert json.loads(record.read_text())["settings"]["style_layers"] == [["relu1_1", 1.0], ["relu3_1", 0.5]]


def test_a_painting_is_not_painted_again_from_another_photo(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, pair: tuple[str, str]
) -> None:
    painting = str(tmp_path / "painting.png")
    main(["stylize", *pair, "-o", painting, *QUICK])
    _, style = pair

    again = str(tmp_path / "again.png")
    assert "was made with another content" in refusal(capsys, "repeat", painting, style, style, "-o", again)
    from_start = [*pair, "-o", again, "--start", pair[0]]
    assert "was made without --start" in refusal(capsys, "repeat", painting, *from_start)


def test_a_time_lapse_is_written_beside_the_painting(tmp_path: Path, pair: tuple[str, str]) -> None:
    time_lapse = tmp_path / "run.webp"

    assert main(["stylize", *pair, "-o", str(tmp_path / "p.png"), *QUICK, "--time-lapse", str(time_lapse)]) == 0

    assert Image.open(time_lapse).n_frames > 3


def test_a_painting_that_was_complete_when_it_was_killed_has_no_time_lapse(
    tmp_path: Path,
    pair: tuple[str, str],
    network: FeatureNetwork,
    content: Image.Image,
    style: Image.Image,
    capsys: pytest.CaptureFixture[str],
) -> None:
    painting, checkpoint, time_lapse = (tmp_path / name for name in ("painted.png", "run", "run.webp"))
    stopped_after(QUICK_SETTINGS.total_steps, checkpoint, content, style, network)
    files = ["-o", str(painting), "--checkpoint", str(checkpoint), "--time-lapse", str(time_lapse)]

    assert main(["stylize", *pair, *QUICK, *files]) == 0

    assert "nothing to make a time-lapse of" in capsys.readouterr().err
    assert (painting.exists(), checkpoint.exists(), time_lapse.exists()) == (True, False, False)


def test_an_earlier_painting_is_gone_on_with(tmp_path: Path, pair: tuple[str, str]) -> None:
    first, second = str(tmp_path / "first.png"), str(tmp_path / "second.png")

    assert main(["stylize", *pair, "-o", first, *QUICK]) == 0
    assert main(["stylize", *pair, "-o", second, *QUICK, "--start", first]) == 0

    assert not np.array_equal(np.asarray(Image.open(first)), np.asarray(Image.open(second)))


@pytest.mark.parametrize(("command", "words"), [("stylize", "where it begins"), ("repeat", "RECORD")])
def test_help_is_given(capsys: pytest.CaptureFixture[str], command: str, words: str) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])

    assert words in capsys.readouterr().out


def help_texts() -> dict[str, dict[str, str]]:
    """Command → argument → what its help says."""
    (commands,) = (action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    return {
        name: {action.dest: action.help for action in command._actions} for name, command in commands.choices.items()
    }


def test_every_argument_is_explained() -> None:
    unexplained = [
        (command, name) for command, texts in help_texts().items() for name, text in texts.items() if not text
    ]

    assert unexplained == []


@pytest.mark.parametrize(("command", "settings"), [("stylize", ml.Settings), ("train-gan", ml.GanSettings)])
def test_the_ranges_that_are_told_are_those_that_hold(command: str, settings: type) -> None:
    told = help_texts()[command]
    numbers = [field.name for field in fields(settings) if type(field.default) in (int, float)]

    for name in set(numbers) - {"seed"}:
        with pytest.raises(ml.SettingsError) as refused:
            settings(**{name: -1})
        assert range_in(told[name]) == range_in(str(refused.value)), name


def range_in(text: str) -> tuple[float, float] | None:
    """The first `… to …` of two numbers."""
    found = re.search(r"(\d[\d.e+-]*) to (\d[\d.e+-]*)", text)
    return (float(found[1]), float(found[2])) if found else None


@pytest.mark.parametrize("preset", ml.PRESETS)
def test_the_evaluations_of_a_preset_are_told(preset: str) -> None:
    settings = ml.Settings.for_preset(preset)

    assert f"{preset} {settings.coarse_steps} and {settings.fine_steps}" in help_texts()["stylize"]["preset"]


def test_a_bar_shows_how_far_the_painting_is() -> None:
    progress = ml.Progress(
        step=30, total_steps=120, scale=1, scales=3, width=40, height=30, content=1, style=2, tv=0, total=3,
        fraction=0.25, seconds=25, seconds_left=75.2, picture=lambda: Image.new("RGB", (40, 30)),
    )  # fmt: skip

    assert bar_line(progress) == f"{'█' * 6}{'░' * 18}  25%  40×30  step 30/120  loss 3  1:15 left"


def test_a_prediction_is_printed_and_nothing_painted(
    tmp_path: Path, pair: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stylize", *pair, "--predict"]) == 0

    assert re.fullmatch(r"about \d+:\d\d and \d\.\d GiB\n", capsys.readouterr().out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["content.png", "style.png"]


def test_hours_are_told_as_such() -> None:
    assert (
        prediction_line(Prediction(seconds=3725.2, memory=3 * 2**30, parts=6))
        == "about 1:02:05 and 3.0 GiB, in 6 tiles"
    )


def test_what_could_not_be_painted_is_not_predicted(capsys: pytest.CaptureFixture[str], pair: tuple[str, str]) -> None:
    assert "blend has 3 weights for 1" in refusal(capsys, "stylize", *pair, "--predict", "--blend", "1", "2", "3")
    assert "there are 2 masks for 1" in refusal(capsys, "stylize", *pair, "--predict", "--masks", *pair)


def test_little_memory_makes_tiles_in_which_the_losses_are_the_same(
    tmp_path: Path, pair: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    tiled, whole = tmp_path / "tiled.jsonl", tmp_path / "whole.jsonl"
    painted = ["stylize", *pair, "--size", "448", "--coarsest", "448", "--coarse-steps", "1", "--precision", "fp32"]
    files, little = ["-o", str(tmp_path / "painted.png"), "--log"], ["--memory", "0.5"]

    assert main([*painted, *little, "--predict"]) == 0
    assert re.search(r"in \d tiles", capsys.readouterr().out)
    assert main([*painted, *files, str(tiled), *little]) == 0
    assert main([*painted, *files, str(whole)]) == 0
    for term in ("content", "style", "tv"):
        assert json.loads(tiled.read_text())[term] == pytest.approx(json.loads(whole.read_text())[term], rel=1e-4)


@pytest.mark.parametrize("memory", ["0", "-1", "inf", "nan", "1e308", "plenty"])
def test_memory_that_is_no_amount_is_refused_in_words(
    capsys: pytest.CaptureFixture[str], pair: tuple[str, str], memory: str
) -> None:
    with pytest.raises(SystemExit):
        main(["stylize", *pair, "-o", "out.png", "--memory", memory])

    assert f"argument --memory: '{memory}' is not a number of GiB above 0" in capsys.readouterr().err


@pytest.mark.parametrize(("mode", "white"), [("L", 255), ("RGBA", (255, 255, 255, 255))])
def test_a_style_is_painted_where_its_mask_is_white(
    tmp_path: Path, pair: tuple[str, str], mode: str, white: int | tuple[int, ...]
) -> None:
    """The photo stands where it is black, or transparent."""
    photo, painting, mask = Image.open(pair[0]), tmp_path / "painting.png", tmp_path / "mask.png"
    left = Image.new(mode, photo.size)
    left.paste(white, (0, 0, photo.width // 2, photo.height))
    left.save(mask)

    assert main(["stylize", *pair, "-o", str(painting), *QUICK, "--size", "96", "--masks", str(mask)]) == 0

    changed = np.abs(np.asarray(Image.open(painting), float) - np.asarray(photo, float)).max(2)
    assert changed[:, 50:].max() == 0
    assert changed[:, :46].mean() > 5


def test_many_photos_are_painted_each_as_it_would_be_alone(
    tmp_path: Path, pair: tuple[str, str], content: Image.Image, capsys: pytest.CaptureFixture[str]
) -> None:
    photo, style = pair
    mirrored, words = tmp_path / "mirrored.png", tmp_path / "words.png"
    ImageOps.mirror(content).save(mirrored)
    words.write_text("words")
    folder, alone = tmp_path / "paintings", str(tmp_path / "alone.png")

    assert main(["batch", photo, str(words), str(mirrored), "--styles", style, "-o", str(folder), *QUICK]) == 1
    assert main(["stylize", str(mirrored), style, "-o", alone, *QUICK]) == 0

    printed = capsys.readouterr().err
    assert "words.png: not a picture" in printed
    assert "1 of 3 photos could not be painted" in printed
    assert sorted(path.name for path in folder.iterdir()) == ["content.png", "mirrored.png"]
    difference = np.abs(np.asarray(Image.open(folder / "mirrored.png"), float) - np.asarray(Image.open(alone), float))
    assert difference.mean() < 0.5
    assert main(["repeat", str(folder / "mirrored.png"), str(mirrored), style, "-o", alone]) == 0


def test_two_photos_of_one_name_are_not_painted_over_each_other(
    capsys: pytest.CaptureFixture[str], pair: tuple[str, str], tmp_path: Path
) -> None:
    photos = [pair[0], str(tmp_path / "other" / "content.jpg")]

    assert "the same name" in refusal(capsys, "batch", *photos, "--styles", pair[1], "-o", str(tmp_path / "out"))


@pytest.mark.parametrize("spared", ["content.png", "style.png", "mask.png", "start.png"])
def test_a_painting_is_not_written_over_what_it_is_made_of(
    capsys: pytest.CaptureFixture[str], pair: tuple[str, str], tmp_path: Path, spared: str
) -> None:
    photo, _ = pair
    origins = {"mask": str(tmp_path / "mask.png"), "start": str(tmp_path / "start.png")}
    for path in origins.values():
        Image.open(photo).save(path)
    (tmp_path / "link.png").symlink_to(tmp_path / spared)
    before = (tmp_path / spared).read_bytes()
    made_of = [*pair, "--masks", origins["mask"], "--start", origins["start"]]

    for output in (tmp_path / spared, tmp_path / "link.png"):
        assert f"{output} would be written over" in refusal(capsys, "stylize", *made_of, "-o", str(output), *QUICK)
    assert (tmp_path / spared).read_bytes() == before


@pytest.mark.parametrize("option", ["--log", "--record", "--checkpoint", "--time-lapse"])
def test_nothing_beside_a_painting_is_written_over_what_it_is_made_of(
    capsys: pytest.CaptureFixture[str], pair: tuple[str, str], tmp_path: Path, option: str
) -> None:
    _, style = pair
    files = ["-o", str(tmp_path / "painted.png"), option, style]

    assert f"{style} would be written over {style}" in refusal(capsys, "stylize", *pair, *files, *QUICK)


def test_a_checkpoint_is_not_written_over_a_file_of_another_kind(
    capsys: pytest.CaptureFixture[str], pair: tuple[str, str], tmp_path: Path
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("to someone")

    refused = refusal(capsys, "stylize", *pair, "-o", str(tmp_path / "painted.png"), "--checkpoint", str(letter))

    assert refused == f"ml: {letter} is no checkpoint; it is left as it is"
    assert letter.read_text() == "to someone"


def test_a_record_is_not_written_over_by_its_repetition(
    capsys: pytest.CaptureFixture[str], pair: tuple[str, str], tmp_path: Path
) -> None:
    painting = str(tmp_path / "painting.png")
    main(["stylize", *pair, "-o", painting, *QUICK])

    assert "would be written over" in refusal(capsys, "repeat", painting, *pair, "-o", painting)


def test_two_files_of_one_name_are_refused(
    capsys: pytest.CaptureFixture[str], pair: tuple[str, str], tmp_path: Path
) -> None:
    both = str(tmp_path / "run")
    files = ["-o", str(tmp_path / "painted.png"), "--log", both, "--checkpoint", both]

    assert "have the same name" in refusal(capsys, "stylize", *pair, *files, *QUICK)


def test_a_log_in_a_named_pipe_is_refused(
    capsys: pytest.CaptureFixture[str], pair: tuple[str, str], tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")

    refused = refusal(
        capsys, "stylize", *pair, "-o", str(tmp_path / "painted.png"), "--log", str(tmp_path / "pipe"), *QUICK
    )

    assert "named pipe" in refused


@pytest.mark.parametrize("spared", ["content.png", "style.png"])
def test_a_batch_is_not_painted_over_its_photos_or_styles(
    capsys: pytest.CaptureFixture[str], pair: tuple[str, str], tmp_path: Path, spared: str
) -> None:
    photo, style = pair
    before = (tmp_path / spared).read_bytes()
    photos = {"content.png": [photo], "style.png": [str(tmp_path / "style.jpg")]}[spared]

    assert f"{spared} would be written over" in refusal(
        capsys, "batch", *photos, "--styles", style, "-o", str(tmp_path), *QUICK
    )

    assert (tmp_path / spared).read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["content.png", "style.png"]


def test_a_painting_that_cannot_be_saved_does_not_hold_up_the_others(
    tmp_path: Path, pair: tuple[str, str], content: Image.Image, capsys: pytest.CaptureFixture[str]
) -> None:
    photo, style = pair
    mirrored, folder = tmp_path / "mirrored.png", tmp_path / "paintings"
    ImageOps.mirror(content).save(mirrored)
    (folder / "content.png").mkdir(parents=True)

    assert main(["batch", photo, str(mirrored), "--styles", style, "-o", str(folder), *QUICK]) == 1

    printed = capsys.readouterr().err
    assert f"ml: {photo}: {folder / 'content.png'} is a folder" in printed
    assert "1 of 2 photos could not be painted" in printed
    assert (folder / "mirrored.png").is_file()


def test_a_batch_that_is_interrupted_keeps_what_is_painted(
    tmp_path: Path, pair: tuple[str, str], content: Image.Image
) -> None:
    _, style = pair
    photos, folder = [tmp_path / f"{number}.jpg" for number in range(3)], tmp_path / "paintings"
    for photo in photos:
        content.save(photo)
    command = ["batch", *photos, "--styles", style, "-o", folder, *QUICK, "--coarse-steps", "200", "--at-once", "1"]

    running = subprocess.Popen([sys.executable, "-m", "ml", *command], stderr=subprocess.PIPE, text=True)
    wait_until((folder / "0.png").exists, 60)
    running.send_signal(signal.SIGINT)
    _, printed = running.communicate(timeout=60)

    assert printed.splitlines() == [f"ml: {photos[0]}: {folder / '0.png'}", "ml: stopped; 1 of 3 photos are painted"]
    assert running.returncode == 130
    assert [path.name for path in folder.iterdir()] == ["0.png"]


def test_a_terminal_shows_how_far_a_batch_is(
    tmp_path: Path, pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    photo, style = pair
    screen, terminal = os.openpty()
    monkeypatch.setattr(sys, "stderr", os.fdopen(terminal, "w"))

    assert main(["batch", photo, "--styles", style, "-o", str(tmp_path / "paintings"), *QUICK]) == 0

    shown = b""
    while not shown.endswith(b"\n"):
        shown += os.read(screen, 1000)
    assert re.search(r"█+░+  \d\d%  0/1 photos  \d+:\d\d left", shown.decode())
    assert shown.decode().endswith(f"\x1b[Kml: {photo}: {tmp_path / 'paintings/content.png'}\r\n")
