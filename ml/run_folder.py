"""What a training leaves behind while it runs, for people to look at and for itself to go on from."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from PIL import Image

from ml.checkpoint import Checkpoint
from ml.gan_settings import GanSettings


class RunFolder:
    """`settings.json`, `log.jsonl` (losses and distances by step), `sheets/` (a sample sheet an evaluation) and
    `checkpoint`."""

    def __init__(self, path: Path, checkpoint_seconds: float) -> None:
        self.path = path
        self.sheets = path / "sheets"
        self.sheets.mkdir(parents=True, exist_ok=True)
        self.log_path = path / "log.jsonl"
        self.checkpoint = Checkpoint(path / "checkpoint", checkpoint_seconds)

    def begin(self, settings: GanSettings, step: int) -> None:
        """Note the settings, and forget what a run that was cut short had logged after `step`."""
        (self.path / "settings.json").write_text(json.dumps(asdict(settings), indent=2) + "\n")
        kept = [line for line in self.log() if line["step"] <= step]
        self.log_path.write_text("".join(json.dumps(line) + "\n" for line in kept))

    def log(self) -> list[dict[str, Any]]:
        """What has been logged so far; lines that a loss of power cut short or left blank are left out."""
        if not self.log_path.exists():
            return []
        lines = self.log_path.read_text(errors="replace").splitlines(keepends=True)
        return [entry for line in lines if line.endswith("\n") and (entry := _entry(line))]

    def note(self, line: dict[str, Any]) -> None:
        with self.log_path.open("a") as file:
            file.write(json.dumps(line) + "\n")

    def keep_sheet(self, step: int, sheet: Image.Image) -> None:
        sheet.save(self.sheets / f"{step:07}.webp", quality=90)


def _entry(line: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except json.JSONDecodeError:
        return None
    return entry if isinstance(entry, dict) and "step" in entry else None
