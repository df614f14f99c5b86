"""Ctrl-C and `kill`: the first ends a run in good order, a second one at once."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Self

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(Exception):
    """A signal asked for the end; the message is one sentence for who sent it."""

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message)
        self.exit_status = 128 + number


class Interruption:
    """Within, the first SIGINT or SIGTERM is noted and no more; a second ends the process as the system would have
    it. One that is ignored, as in a script's background, stays so."""

    def __init__(self) -> None:
        self.signal = 0

    def __enter__(self) -> Self:
        heard = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
        self._before = {number: signal.signal(number, self._note) for number in heard}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def asked(self) -> bool:
        """Whether the end was asked for."""
        return self.signal != 0

    def _note(self, number: int, _: FrameType | None) -> None:
        self.signal = number
        for each in self._before:
            signal.signal(each, signal.SIG_DFL)
