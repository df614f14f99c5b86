"""What each worker of a site gets of the machine: one of several GPUs, and its share of the cores."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from transfer.gpus import usable

CPU_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def environments(workers: int, trainers: int) -> list[dict[str, str]]:
    """What to add to the environment of each worker, and then of each trainer. What the operator has set stands."""
    gpus = usable()
    return [_environment(number, workers, gpus) for number in range(workers + trainers)]


def _environment(number: int, workers: int, gpus: list[str]) -> dict[str, str]:
    own = {}
    if len(gpus) > 1 and os.environ.get("DEVICE", "auto") in ("auto", "cuda"):
        # CUDA's own order is by speed; the driver's, by which `gpus` counts, is by slot.
        own = {"CUDA_VISIBLE_DEVICES": gpus[number % len(gpus)], "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}
    if "OMP_NUM_THREADS" not in os.environ and number < workers:
        own["OMP_NUM_THREADS"] = str(max(1, cores() // workers))
    return own


def cores() -> int:
    """How many this process may use: those it may run on, and no more than its container's quota."""
    allowed = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return min(allowed, _quota(CPU_QUOTA) or allowed)


def _quota(file: Path) -> int | None:
    """Whole cores of a control group; None where it has no quota. Its file says `200000 100000`, or `max 100000`."""
    if not file.exists():
        return None
    allowed, period = file.read_text().split()
    return None if allowed == "max" else max(1, int(allowed) // int(period))
