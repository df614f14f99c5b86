"""The site's numbers for Prometheus, read from the rows whenever they are asked for: no process has to count."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import close_old_connections
from django.db.models import Count, F, Sum
from prometheus_client.core import (
    CollectorRegistry,
    CounterMetricFamily,
    GaugeMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector

from transfer import overview
from transfer.gpus import gpus
from transfer.models import Failure, Job, State


class SiteCollector(Collector):
    """Each family is of the rows as they are; deleting jobs takes them out of the totals."""

    def collect(self) -> Iterator[Metric]:
        close_old_connections()
        try:
            yield from self._families()
        finally:
            close_old_connections()

    def _families(self) -> Iterator[Metric]:
        waiting = overview.waiting()
        yield _by("stylesite_waiting", "Jobs and trainings that wait.", "queue", overview.depths(waiting))
        waits = overview.oldest_waits(waiting)
        yield _by("stylesite_oldest_wait_seconds", "How long the first of those that wait has waited.", "queue", waits)
        hands = overview.hands()
        yield GaugeMetricFamily("stylesite_workers", "Worker processes alive.", value=len(hands))
        busy = sum(hand.is_busy for hand in hands)
        yield GaugeMetricFamily("stylesite_workers_busy", "Worker processes that hold a job.", value=busy)
        yield from self._ended()
        yield from _memory_of_gpus()

    def _ended(self) -> Iterator[Metric]:
        ended = CounterMetricFamily("stylesite_jobs", "Jobs by state.", labels=["state"])
        counts = dict(Job.objects.order_by().values_list("state").annotate(count=Count("pk")))
        for state in State.values:
            ended.add_metric([state], counts.get(state, 0))
        yield ended
        failures = CounterMetricFamily("stylesite_failures", "Failed jobs by reason.", labels=["reason"])
        reasons = dict(
            Job.objects.filter(state=State.FAILED).order_by().values_list("failure").annotate(count=Count("pk"))
        )
        for reason in Failure.values:
            failures.add_metric([reason], reasons.get(reason, 0))
        yield failures
        yield from self._succeeded()

    def _succeeded(self) -> Iterator[Metric]:
        found = Job.objects.filter(state=State.SUCCEEDED, started_at__isnull=False).aggregate(
            count=Count("pk"),
            work=Sum("pixel_steps"),
            waited=Sum(F("started_at") - F("created_at")),
            ran=Sum(F("finished_at") - F("started_at")),
        )
        work = found["work"] or 0
        yield CounterMetricFamily("stylesite_pixel_steps", "Pixels times steps of succeeded jobs.", value=work)
        waited, ran = (found[name].total_seconds() if found[name] else 0.0 for name in ("waited", "ran"))
        count = found["count"]
        yield SummaryMetricFamily("stylesite_job_wait_seconds", "From submit to the last start.", count, waited)
        yield SummaryMetricFamily("stylesite_job_run_seconds", "From the last start to the result.", count, ran)


def _memory_of_gpus() -> Iterator[Metric]:
    used = GaugeMetricFamily("stylesite_gpu_memory_used_bytes", "Memory of a GPU in use.", labels=["gpu", "name"])
    total = GaugeMetricFamily("stylesite_gpu_memory_bytes", "Memory of a GPU.", labels=["gpu", "name"])
    for gpu in gpus():
        used.add_metric([str(gpu.index), gpu.name], gpu.memory_used)
        total.add_metric([str(gpu.index), gpu.name], gpu.memory)
    yield used
    yield total


def registry() -> CollectorRegistry:
    found = CollectorRegistry()
    found.register(SiteCollector())
    return found


def _by(name: str, about: str, label: str, values: dict[str, int] | dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, about, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
