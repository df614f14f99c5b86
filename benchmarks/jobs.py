"""The jobs, measured on a site of their own: `python -m benchmarks.jobs overhead`, `estimates` or `viewers`.

`overhead`: from submit to the end of the first evaluation on a warm idle worker, and a job's time in the worker over
what the same painting takes on the command line. `estimates`: when jobs that come at random were said to be ready, and
when they were. `viewers`: many viewers of many running jobs on one server process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from statistics import fmean, median
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import httpx
import numpy as np

from benchmarks.site import PORT, URL, own_site, wait_until
from benchmarks.stylize import drawn

if TYPE_CHECKING:
    from accounts.models import User
    from transfer.models import Job, Photo, Style

LONGEST = 900.0
TOLERANCE = 1.5
# The fastest of so many counts, since whatever else the machine does only slows one down.
PAINTINGS = 4
# Long side of the pictures whose first evaluation is waited for.
SMALL = 64
# What comes at random.
KINDS = (("draft", 128), ("draft", 192), ("draft", 256), ("standard", 128), ("standard", 256))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    extra = commands.add_parser("overhead")
    extra.add_argument("--size", type=int, default=256)
    estimated = commands.add_parser("estimates")
    estimated.add_argument("--jobs", type=int, default=40)
    estimated.add_argument(
        "--load", type=float, default=0.7, help="work that comes over what one worker can do in that time (%(default)s)"
    )
    watched = commands.add_parser("viewers")
    watched.add_argument("--viewers", type=int, default=200)
    watched.add_argument("--jobs", type=int, default=20)
    watched.add_argument("--seconds", type=float, default=30)
    chosen = parser.parse_args()
    with own_site(workers=0 if chosen.command == "viewers" else 1):
        if chosen.command == "overhead":
            overhead(chosen.size)
        elif chosen.command == "estimates":
            estimates(chosen.jobs, chosen.load)
        else:
            viewers(chosen.viewers, chosen.jobs, chosen.seconds)


def overhead(size: int) -> None:
    ada = person("ada")
    delays = [seconds_to_the_first_evaluation(ada, seed) for seed in range(21)]
    print(f"from submit to the end of the first evaluation: {1000 * median(delays[1:]):.0f} ms in the median")
    print(f"of these the evaluation itself: {1000 * seconds_of_an_evaluation(SMALL):.0f} ms", flush=True)
    in_worker, alone = zip(*(seconds_of_a_job_and_alone(ada, size, seed) for seed in range(PAINTINGS)), strict=True)
    print(f"the fastest in the worker over the fastest on the command line: {min(in_worker) / min(alone):.3f}")


def seconds_of_a_job_and_alone(owner: User, size: int, seed: int) -> tuple[float, float]:
    """Of the same painting in the worker, and on the command line."""
    job = submitted(owner, "standard", size, seed)
    wait_until(lambda: ended(job), LONGEST)
    job.refresh_from_db()
    in_worker, alone = job.run_time or 0.0, on_the_command_line("standard", size, seed)
    print(f"in the worker {in_worker:.2f} s, on the command line {alone:.2f} s", flush=True)
    return in_worker, alone


def seconds_to_the_first_evaluation(owner: User, seed: int) -> float:
    pictures = uploaded(owner)
    started = time.perf_counter()
    job = submitted(owner, "draft", SMALL, seed, pictures)
    wait_until(lambda: step_of(job) > 0, LONGEST, every=0.005)
    passed = time.perf_counter() - started
    wait_until(lambda: ended(job), LONGEST)
    return passed


def seconds_of_an_evaluation(size: int) -> float:
    import ml

    one_step = ml.Settings(size=size, coarsest=size, coarse_steps=1)
    return ml.predict(drawn(seed=1).size, one_step, ml.load_network()).seconds


def estimates(count: int, load: float) -> None:
    chance = np.random.default_rng(0)
    people = [person(name) for name in ("ada", "bob", "cleo", "dan")]
    told: list[tuple[Job, float]] = []
    for number in range(count):
        preset, size = KINDS[chance.integers(len(KINDS))]
        owner = people[chance.integers(len(people))]
        promised = forecast(owner, preset, size)
        told.append((submitted(owner, preset, size, number), promised))
        time.sleep(chance.exponential(usual_seconds() / load))
    wait_until(lambda: all(ended(job) for job, _ in told), LONGEST)
    ratios = []
    for job, promised in told:
        job.refresh_from_db()
        took = ((job.finished_at or job.created_at) - job.created_at).total_seconds()
        painting = job.run_time or 0
        print(f"{job.preset} {job.size}: told {promised:.1f} s, took {took:.1f} s, of these {painting:.1f} s painting")
        ratios.append(took / promised)
    right = sum(1 / TOLERANCE <= ratio <= TOLERANCE for ratio in ratios)
    print(f"{right} of {count} within a factor of {TOLERANCE}; {median(ratios):.2f} times as long in the median")


def usual_seconds() -> float:
    """What the worker takes for one of the kinds, in the mean over them, as is known by now."""
    from transfer.durations import pace

    return fmean(pace().seconds(*work_of(*kind)) for kind in KINDS)


def work_of(preset: str, size: int) -> tuple[int, int]:
    """Steps and pixel steps."""
    from transfer.engine import price
    from transfer.models import Job, Photo

    width, height = drawn(seed=1).size
    return price(Job(photo=Photo(width=width, height=height), preset=preset, size=size))


def forecast(owner: User, preset: str, size: int) -> float:
    """In how many seconds a picture would be ready."""
    from transfer.forecasts import forecast_of

    found = forecast_of(owner.pk, preset, *work_of(preset, size))
    return found.ends_in if found else float("inf")


def viewers(count: int, jobs: int, seconds: float) -> None:
    from django.test import Client

    from transfer import leases
    from transfer.queue import PAINTING

    ada = person("ada")
    client = Client()
    client.force_login(ada)
    cookie = client.cookies["sessionid"].value
    rows = [submitted(ada, "draft", 64, seed) for seed in range(jobs)]
    held = [lease for row in rows if (lease := leases.claim(PAINTING, row.pk, "benchmark"))]
    alone = reports_a_second(held, seconds / 3)
    stop = Event()
    rates: list[float] = []
    reporting = Thread(target=lambda: rates.append(reports_a_second(held, seconds, stop)))
    reporting.start()
    found = asyncio.run(watched([f"{URL}{row.get_absolute_url()}events/" for row in rows], cookie, count, seconds))
    stop.set()
    reporting.join()
    print(f"{count} viewers of {jobs} jobs: {sum(found)} events, at least {min(found)} each, {found.count(0)} without")
    print(f"the server took {server_memory() / 2**10:.0f} MB")
    print(f"a worker's reports a second: {alone:.1f} with nobody looking, {rates[0]:.1f} with all of them")


def reports_a_second(held: list[Any], seconds: float, stop: Event | None = None) -> float:
    """Report on every job four times a second, as workers do; how many reports could be written a second of writing."""
    from transfer import leases

    count, writing, until = 0, 0.0, time.monotonic() + seconds
    while time.monotonic() < until and not (stop and stop.is_set()):
        for lease in held:
            started = time.perf_counter()
            leases.report(lease, step=count % 78, total_steps=78, fraction=(count % 78) / 78, loss=float(count))
            writing += time.perf_counter() - started
            count += 1
            time.sleep(0.25 / len(held))
    return count / writing


async def watched(addresses: list[str], cookie: str, count: int, seconds: float) -> list[int]:
    """The events that each viewer saw."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(cookies={"sessionid": cookie}, timeout=60, limits=limits) as client:
        looks = [_watch(client, addresses[number % len(addresses)], seconds) for number in range(count)]
        return list(await asyncio.gather(*looks))


async def _watch(client: httpx.AsyncClient, address: str, seconds: float) -> int:
    count, until = 0, time.monotonic() + seconds
    async with client.stream("GET", address) as response:
        response.raise_for_status()
        async for line in response.aiter_lines():
            count += line.startswith("event: progress")
            if time.monotonic() > until:
                return count
    raise RuntimeError("a stream was dropped")


def server_memory() -> int:
    """Resident kilobytes of the site's process that serves HTTP (Linux)."""
    for process in Path("/proc").glob("[0-9]*"):
        command = (process / "cmdline").read_text().split("\0")
        if "uvicorn" in command and str(PORT) in command:
            return int(re.findall(r"VmRSS:\s+(\d+)", (process / "status").read_text())[0])
    raise RuntimeError("there is no server")


def person(name: str) -> User:
    from accounts.models import User

    return User.objects.create_user(name, f"{name}@example.org", "lilac-and-ochre-42")


def uploaded(owner: User) -> tuple[Photo, Style]:
    from transfer import services

    photo = services.add_photo(owner=owner, image=drawn(seed=1))
    return photo, services.add_style(owner=owner, name="Waves", image=drawn(seed=2))


def submitted(owner: User, preset: str, size: int, seed: int, pictures: tuple[Photo, Style] | None = None) -> Job:
    from transfer import services

    photo, style = pictures or uploaded(owner)
    order = services.Order(
        preset=preset,
        size=size,
        style_strength=1.0,
        brush_size=1.0,
        colours="style",
        init="photo",
        generator=None,
        gan_strength=0.5,
        seed=seed,
    )
    return services.submit_job(owner=owner, photo=photo, style=style, order=order, submission=uuid.uuid4())


def on_the_command_line(preset: str, size: int, seed: int) -> float:
    """Seconds of the painting, without the start of Python."""
    with tempfile.TemporaryDirectory() as folder:
        photo, style, log = (Path(folder) / name for name in ("photo.png", "style.png", "log"))
        drawn(seed=1).save(photo)
        drawn(seed=2).save(style)
        command = [sys.executable, "-m", "ml", "stylize", photo, style, "-o", Path(folder) / "painting.png"]
        options = ["--preset", preset, "--size", str(size), "--seed", str(seed), "--log", log]
        subprocess.run([*map(str, command), *map(str, options)], check=True)
        return float(json.loads(log.read_text().splitlines()[-1])["seconds"])


def step_of(job: Job) -> int:
    return int(type(job).objects.values_list("step", flat=True).get(pk=job.pk))


def ended(job: Job) -> bool:
    return bool(type(job).objects.filter(pk=job.pk, finished_at__isnull=False).exists())


if __name__ == "__main__":
    main()
