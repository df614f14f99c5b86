"""The log of a run that may be cut short and gone on with: a JSON object a line, each with its `step`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


class StepLog:
    """The file of such a log."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> list[dict[str, Any]]:
        """What has been logged so far; lines that a loss of power cut short or left blank are left out."""
        if not self.path.is_file():
            return []
        lines = self.path.read_text(errors="replace").splitlines(keepends=True)
        return [entry for line in lines if line.endswith("\n") and (entry := _entry(line))]

    def forget_after(self, step: int) -> None:
        """Keep what a run that was cut short had logged up to `step`, where the next one goes on."""
        # A terminal, or another device, holds nothing to be forgotten.
        if not self.path.is_file():
            return
        kept = [_line(entry) for entry in self.entries() if entry["step"] <= step]
        # Written over in place, for which there is room on a full disk too.
        with self.path.open("r+") as file:
            file.write("".join(kept))
            file.truncate()

    def note(self, entry: dict[str, Any]) -> None:
        with self.path.open("a") as file:
            file.write(_line(entry))


def _line(entry: dict[str, Any]) -> str:
    return json.dumps(entry) + "\n"


def _entry(line: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except json.JSONDecodeError:
        return None
    return entry if isinstance(entry, dict) and isinstance(entry.get("step"), int) else None
