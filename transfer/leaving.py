"""How a worker leaves when it is told to (SIGTERM, Ctrl-C): with a checkpoint if it can, and in time if it cannot.

The work in hand looks at `shutting_down` between two evaluations, and writes its checkpoint then. An evaluation of a
large picture on a CPU takes longer than anyone waits for a process to end; then the work goes back to the queue as its
last checkpoint has it.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from rq import Worker

from transfer import leases
from transfer.leases import OUTAGES, Lease, LeaseLost
from transfer.shutdown import shutting_down

logger = logging.getLogger(__name__)

# Service managers and the supervisor allow ten seconds or more.
GRACE_SECONDS = 7.0
STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT}

_in_hand: list[Lease] = []


@contextmanager
def in_hand(lease: Lease) -> Iterator[None]:
    """While this process works under the lease."""
    _in_hand.append(lease)
    try:
        yield
    finally:
        _in_hand.remove(lease)


def leave_in_time(worker: Worker) -> None:
    """From now on this process ends within ten seconds of a stop signal. Call it in the main thread."""
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    # Python runs a signal's handler between two of its own instructions, and a backward pass is one instruction; this
    # descriptor is written to at once.
    signal.set_wakeup_fd(writer.fileno())
    threading.Thread(target=_leave_when_told, args=[reader, writer, worker], name="leaving", daemon=True).start()


def _leave_when_told(reader: socket.socket, writer: socket.socket, worker: Worker) -> None:
    """Holds on to `writer`, too: once collected it would close the descriptor."""
    while not STOP_SIGNALS & set(reader.recv(16)):
        continue
    shutting_down.set()
    time.sleep(GRACE_SECONDS)
    for lease in _in_hand:
        logger.warning("%s goes back to the queue as its last checkpoint has it", lease.row_id)
        with suppress(LeaseLost, *OUTAGES):
            leases.hand_back(lease)
        worker.register_death()  # type: ignore[no-untyped-call]
        os._exit(0)
