"""Trainings that really train, on tiny pictures."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

import ml
from ml.__main__ import main
from ml.checkpoint import HEADER_BYTES
from ml.devices import Precision
from ml.gan_training import Training
from tests.factories import encode, make_image
from tests.live import wait_until

CPU = torch.device("cpu")
TINY = ["--size", "32", "--width", "8", "--batch", "4", "--evaluate-every", "2", "--judged", "4"]
SETTINGS = ml.GanSettings(size=32, width=8, steps=6, batch=4, evaluate_every=3, judged=8)


@pytest.fixture(scope="module")
def images() -> ml.TrainingImages:
    return ml.TrainingImages.of([make_image(seed=seed) for seed in range(8)], SETTINGS)


Train = Callable[..., dict[str, torch.Tensor]]


@pytest.fixture
def train(images: ml.TrainingImages, tmp_path: Path) -> Train:
    """Train in a folder, and give the weights of what was kept."""

    def train(name: str = "model", settings: ml.GanSettings = SETTINGS, **doors: object) -> dict[str, torch.Tensor]:
        output = tmp_path / f"{name}.safetensors"
        ml.train_gan(images, settings, output, run=tmp_path / f"{name}.run", device="cpu", **doors)  # type: ignore[arg-type]
        return load_file(output)

    return train


def equal(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def checkpoint_of(run: Path) -> dict[str, object]:
    """The training's state as its last checkpoint has it."""
    content = (run / "checkpoint").read_bytes()[HEADER_BYTES:]
    (run / "payload").write_bytes(content)
    state: dict[str, object] = torch.load(run / "payload", weights_only=True)["state"]
    return state


def stop_after(steps: int) -> Callable[[], bool]:
    asked = 0

    def should_stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > steps

    return should_stop


@pytest.mark.parametrize("kind", ["field", "single"])
def test_the_discriminator_learns_to_tell(images: ml.TrainingImages, kind: str) -> None:
    """Against a generator that hardly moves, it soon knows real pictures from generated ones."""
    settings = replace(SETTINGS, kind=kind, learning_rate=1e-7, discriminator_rate=2e-3, batch=8, augment=False)
    training = Training(images, settings, CPU, Precision.FP32)

    losses = [training.advance() for _ in range(25)]

    assert losses[-1].discriminator < losses[0].discriminator / 2
    assert losses[-1].real > 0.7 > 0.3 > losses[-1].fake


def test_the_generator_learns_to_be_taken_for_real(images: ml.TrainingImages) -> None:
    """Against a discriminator that hardly moves, its loss falls."""
    settings = replace(SETTINGS, learning_rate=2e-3, discriminator_rate=1e-7, batch=8, augment=False)
    training = Training(images, settings, CPU, Precision.FP32)

    losses = [training.advance().generator for _ in range(15)]

    assert losses[-1] < losses[0] - 0.05


def test_the_generators_step_leaves_the_discriminator_alone(images: ml.TrainingImages) -> None:
    settings = replace(SETTINGS, discriminator_rate=1e-7)
    training = Training(images, settings, CPU, Precision.FP32)
    before = [parameter.detach().clone() for parameter in training.D.parameters()]

    training.advance()

    moved = [
        float((now.detach() - then).abs().max()) for now, then in zip(training.D.parameters(), before, strict=True)
    ]
    assert max(moved) < 2e-7
    assert all(parameter.requires_grad for parameter in training.D.parameters())


@pytest.mark.parametrize(
    "change",
    [{}, {"augment": False}, {"spectral_norm": True}, {"average": 0}, {"discriminator_rate": 4e-4}, {"kind": "single"}],
    ids=str,
)
def test_every_switch_changes_what_is_learnt_and_the_same_settings_give_the_same(
    images: ml.TrainingImages, change: dict[str, object]
) -> None:
    def kept(settings: ml.GanSettings) -> torch.Tensor:
        training = Training(images, settings, CPU, Precision.FP32)
        for _ in range(3):
            training.advance()
        return torch.cat([value.flatten().float() for value in training.kept.state_dict().values()])

    changed = kept(replace(SETTINGS, **change))  # type: ignore[arg-type]

    assert torch.equal(changed, kept(replace(SETTINGS, **change)))  # type: ignore[arg-type]
    assert torch.equal(changed, kept(SETTINGS)) == (not change)


def test_the_sample_sheet_changes_as_it_learns(train: Train, tmp_path: Path) -> None:
    told: list[ml.TrainingProgress] = []

    train(settings=replace(SETTINGS, learning_rate=2e-3), observer=told.append)

    sheets = [progress.sheet for progress in told if progress.sheet]
    assert [progress.step for progress in told] == [1, 2, 3, 4, 5, 6]
    assert [progress.frechet is not None for progress in told] == [False, False, True, False, False, True]
    assert not np.array_equal(np.asarray(sheets[0]), np.asarray(sheets[1]))
    assert [file.name for file in sorted((tmp_path / "model.run/sheets").iterdir())] == ["0000003.webp", "0000006.webp"]
    assert told[-1].fraction == 1


def test_the_best_by_frechet_distance_is_kept_and_not_the_last(train: Train, tmp_path: Path) -> None:
    """After a few good steps a rate far too high ruins the generator."""
    good = train("good")
    ruined = replace(SETTINGS, steps=9, average=0, learning_rate=0.5)

    told: list[ml.TrainingProgress] = []
    train("ruined", settings=ruined, observer=told.append)

    distances = {progress.step: progress.frechet for progress in told if progress.frechet is not None}
    kept = ml.load_generator(tmp_path / "ruined.safetensors", device="cpu")
    assert kept.metrics["frechet"] == min(distances.values()) == told[-1].best_frechet
    assert kept.metrics["step"] == min(distances, key=distances.__getitem__) == told[-1].best_step
    assert good


@pytest.mark.parametrize("steps", [1, 2, 3, 5])
def test_a_training_cut_short_goes_on_to_the_very_same_weights(train: Train, tmp_path: Path, steps: int) -> None:
    whole = train("whole")

    with pytest.raises(ml.Stopped, match=f"after {steps} steps"):
        train("cut", should_stop=stop_after(steps))
    resumed = train("cut")

    assert equal(whole, resumed)
    assert _without_seconds(tmp_path / "whole.run") == _without_seconds(tmp_path / "cut.run")
    for part in ("G", "D", "average"):
        ended, again = (checkpoint_of(tmp_path / f"{name}.run")["training"][part] for name in ("whole", "cut"))  # type: ignore[index]
        assert equal(ended, again)


def _without_seconds(run: Path) -> list[dict[str, object]]:
    lines = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    return [{name: value for name, value in line.items() if name != "seconds"} for line in lines]


def test_more_steps_may_be_asked_for_later(train: Train) -> None:
    longer = replace(SETTINGS, steps=9)
    at_once = train("at once", settings=longer)

    train("later")
    told: list[ml.TrainingProgress] = []
    later = train("later", settings=longer, observer=told.append)

    assert [progress.step for progress in told] == [7, 8, 9]
    assert equal(at_once, later)


def test_a_damaged_checkpoint_starts_over(train: Train, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    fresh = train("fresh")
    train("begun")
    checkpoint = tmp_path / "begun.run/checkpoint"
    checkpoint.write_bytes(checkpoint.read_bytes()[:5000])

    assert equal(train("begun"), fresh)
    assert "starting over" in caplog.text


def test_a_log_that_a_loss_of_power_has_torn_is_gone_on_with(train: Train, tmp_path: Path) -> None:
    with pytest.raises(ml.Stopped):
        train("torn", should_stop=stop_after(3))
    with (tmp_path / "torn.run/log.jsonl").open("ab") as log:
        log.write(b"\0\0\0\0\n\xff{]\n")

    train("torn")

    assert [line["step"] for line in _without_seconds(tmp_path / "torn.run")] == [3, 6]


def test_a_run_of_other_settings_is_neither_gone_on_with_nor_written_over(train: Train, tmp_path: Path) -> None:
    """A forgotten setting must not cost the days that a training took."""
    begun = train("begun")
    log = (tmp_path / "begun.run/log.jsonl").read_text()

    with pytest.raises(ml.ForeignCheckpoint, match="of other settings or pictures"):
        train("begun", settings=replace(SETTINGS, seed=5))

    assert (tmp_path / "begun.run/log.jsonl").read_text() == log
    assert equal(train("begun"), begun)


def test_losses_that_are_no_numbers_end_the_training_and_the_best_stays(train: Train, tmp_path: Path) -> None:
    hopeless = replace(SETTINGS, learning_rate=1.0, discriminator_rate=1.0, steps=400, evaluate_every=1, average=0)

    class Poisoned:
        """The pictures, until some of them are no numbers: what a failing GPU or disk gives."""

        def __init__(self, images: ml.TrainingImages) -> None:
            self.batches = 0
            self.images = images

        def __getattr__(self, name: str) -> object:
            return getattr(self.images, name)

        def batch(self, count: int, side: int, random: torch.Generator) -> torch.Tensor:
            self.batches += 1
            batch = self.images.batch(count, side, random)
            return batch * float("nan") if self.batches > 3 else batch

    images = Poisoned(ml.TrainingImages.of([make_image(seed=seed) for seed in range(8)], SETTINGS))
    with pytest.raises(ml.Diverged, match="no longer finite after 4 steps"):
        ml.train_gan(images, hopeless, tmp_path / "m.safetensors", run=tmp_path / "m.run", device="cpu")  # type: ignore[arg-type]
    assert ml.load_generator(tmp_path / "m.safetensors", device="cpu").metrics["step"] <= 3


def test_two_processes_share_the_batches_and_end_with_one_generator(tmp_path: Path) -> None:
    for seed in range(8):
        (tmp_path / "pictures").mkdir(exist_ok=True)
        (tmp_path / f"pictures/{seed}.jpg").write_bytes(encode(make_image(seed=seed)))
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m", "ml"]
    command += ["train-gan", str(tmp_path / "pictures"), "-o", str(tmp_path / "model.safetensors"), "--device", "cpu"]
    command += [
        "--size",
        "32",
        "--width",
        "8",
        "--steps",
        "4",
        "--batch",
        "8",
        "--evaluate-every",
        "2",
        "--judged",
        "4",
    ]

    finished = subprocess.run(command, capture_output=True, text=True)

    assert finished.returncode == 0, finished.stderr
    assert finished.stderr.count("8 pictures, 0 other files skipped") == 1
    assert ml.load_generator(tmp_path / "model.safetensors", device="cpu").metrics["step"] in (2, 4)
    assert [json.loads(line)["step"] for line in (tmp_path / "model.run/log.jsonl").read_text().splitlines()] == [2, 4]


# ------------------------------------------------------------------------------------------------ the command line


def test_a_generator_is_trained_and_sampled_and_painted_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures, model, sampled = tmp_path / "pictures", tmp_path / "model.safetensors", tmp_path / "sample.png"
    pictures.mkdir()
    for seed in range(4):
        make_image(seed=seed).save(pictures / f"{seed}.png")
    (pictures / "notes.txt").write_text("four pictures")
    training = ["train-gan", str(pictures), "-o", str(model), "--name", "Strokes", *TINY]

    assert main([*training, "--steps", "2"]) == 0
    assert "4 pictures, 1 other files skipped" in capsys.readouterr().err
    assert main([*training, "--steps", "2"]) == 1
    assert "--resume goes on with it" in capsys.readouterr().err
    assert main([*training, "--steps", "4", "--resume"]) == 0
    assert ml.load_generator(model, device="cpu").about["name"] == "Strokes"

    assert main(["sample", str(model), "--width", "120", "--height", "80", "--seed", "3", "-o", str(sampled)]) == 0
    assert Image.open(sampled).size == (120, 80)
    (tmp_path / "link.png").symlink_to(model)
    assert main(["sample", str(model), "-o", str(tmp_path / "link.png")]) == 1
    assert "would be written over" in capsys.readouterr().err
    assert main(["sample", str(model), "--sheet", "--seed", str(2**63), "-o", str(sampled)]) == 1
    assert "seed is 9223372036854775808" in capsys.readouterr().err

    painted = tmp_path / "painted.png"
    pair = [str(pictures / "0.png"), str(pictures / "1.png")]
    steps = ["--size", "48", "--coarse-steps", "2", "--fine-steps", "2"]
    assert main(["stylize", *pair, "-o", str(painted), *steps, "--init", "gan", "--generator", str(model)]) == 0
    assert ml.file_digest(model) in Image.open(painted).info["stylesite"]


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_a_training_that_is_interrupted_is_gone_on_with_where_it_stood(tmp_path: Path, asked: signal.Signals) -> None:
    model, log = tmp_path / "model.safetensors", tmp_path / "model.run/log.jsonl"
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for seed in range(4):
        make_image(seed=seed).save(pictures / f"{seed}.png")
    training = ["train-gan", str(pictures), "-o", str(model), *TINY, "--steps"]

    running = subprocess.Popen([sys.executable, "-m", "ml", *training, "100000"], stderr=subprocess.PIPE, text=True)
    wait_until(lambda: log.exists() and log.stat().st_size > 0, 60)
    running.send_signal(asked)
    _, printed = running.communicate(timeout=60)

    (step,) = re.findall(r"asked to stop after (\d+) steps; --resume goes on with it", printed)
    assert running.returncode == 128 + asked
    assert main([*training, str(int(step) + 1), "--resume"]) == 0
    assert [json.loads(line)["step"] for line in log.read_text().splitlines()][-1] >= int(step)


def test_a_generator_among_its_pictures_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its sample sheets would be learnt from when the training is gone on with."""
    make_image().save(tmp_path / "0.png")

    assert main(["train-gan", str(tmp_path), "-o", str(tmp_path / "model.safetensors")]) == 1
    assert "lies among the pictures" in capsys.readouterr().err


def test_a_training_that_could_not_begin_leaves_nothing_to_be_gone_on_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for seed in range(2):
        make_image(seed=seed).save(pictures / f"{seed}.png")
    monkeypatch.setenv("STYLESITE_CACHE", str(tmp_path / "no weights"))

    assert main(["train-gan", str(pictures), "-o", str(tmp_path / "model.safetensors"), *TINY]) == 1

    assert "fetch-weights" in capsys.readouterr().err
    assert not (tmp_path / "model.run").exists()


def test_resuming_what_was_never_begun_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photo = str(tmp_path / "painting.png")

    assert main(["train-gan", photo, "-o", str(tmp_path / "model.safetensors"), "--resume"]) == 1
    assert "there is no run in" in capsys.readouterr().err


def test_a_generator_that_nothing_is_started_from_is_not_silently_ignored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_image().save(tmp_path / "photo.png")
    photo = str(tmp_path / "photo.png")

    assert main(["stylize", photo, photo, "-o", str(tmp_path / "o.png"), "--generator", "model.safetensors"]) == 1
    assert "--init gan alone" in capsys.readouterr().err
