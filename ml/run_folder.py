"""What a training leaves behind while it runs, for people to look at and for itself to go on from."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from PIL import Image

from ml.checkpoint import Checkpoint
from ml.gan_settings import GanSettings
from ml.step_log import StepLog


class RunFolder:
    """`settings.json`, `log.jsonl` (losses and distances by step), `sheets/` (a sample sheet an evaluation) and
    `checkpoint`."""

    def __init__(self, path: Path, checkpoint_seconds: float) -> None:
        self.path = path
        self.sheets = path / "sheets"
        self.log = StepLog(path / "log.jsonl")
        self.checkpoint = Checkpoint(path / "checkpoint", checkpoint_seconds)

    def begin(self, settings: GanSettings, step: int) -> None:
        """Note the settings, and forget what a run that was cut short had logged after `step`."""
        self.sheets.mkdir(parents=True, exist_ok=True)
        (self.path / "settings.json").write_text(json.dumps(asdict(settings), indent=2) + "\n")
        self.log.forget_after(step)

    def keep_sheet(self, step: int, sheet: Image.Image) -> None:
        sheet.save(self.sheets / f"{step:07}.webp", quality=90)
