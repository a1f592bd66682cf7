"""This host's meters as Prometheus reads them, with what stands beside them.

Source: Prometheus' exposition formats, text 0.0.4 and OpenMetrics 1.0.0.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime

import psutil
from django.conf import settings
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.openmetrics import exposition as openmetrics
from prometheus_client.registry import Collector

from monitoring.services.invariants import violations
from monitoring.services.system import database_bytes, memory_bytes, processes
from monitoring.services.tasks import queue

TEXT = CONTENT_TYPE_LATEST
OPENMETRICS = openmetrics.CONTENT_TYPE_LATEST


def exposition(*, now: datetime, as_openmetrics: bool) -> bytes:
    """Return everything, in OpenMetrics or in Prometheus' older text."""
    registry = CollectorRegistry()
    settings.METERS_DIR.mkdir(parents=True, exist_ok=True)
    MultiProcessCollector(registry, path=str(settings.METERS_DIR))
    registry.register(Standing(now))
    return openmetrics.generate_latest(registry) if as_openmetrics else generate_latest(registry)


class Standing(Collector):
    """What is so now: the processes, the database's size, the queue, the invariants."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def describe(self) -> Iterable[Metric]:
        return ()  # else registering asks the database

    def collect(self) -> Iterator[Metric]:
        yield from _processes()
        yield _gauge("database_bytes", "Size of the database.", database_bytes())
        found = queue(now=self._now)
        for name in ("waiting", "running"):
            yield _gauge(f"tasks_{name}", f"Background tasks {name}.", found[name])
        oldest = found["oldest_seconds"]
        yield _gauge("tasks_oldest_seconds", "How long the oldest task has waited.", oldest)
        counted = GaugeMetricFamily(
            "softfactory_invariant_violations", "0 in a healthy database.", labels=["invariant"]
        )
        for name, number in violations().items():
            if number is not None:
                counted.add_metric([name], number)
        yield counted


def _gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(f"softfactory_{name}", documentation, value)


def _processes() -> Iterator[Metric]:
    labels = ["role", "pid"]
    memory = GaugeMetricFamily(
        "softfactory_memory_bytes", "Memory, with a part of what is shared.", labels=labels
    )
    threads = GaugeMetricFamily("softfactory_threads", "Threads.", labels=labels)
    cpu = CounterMetricFamily("softfactory_cpu_seconds", "Processor time.", labels=labels)
    for role, process in processes():
        with suppress(psutil.Error), process.oneshot():
            names = [role, str(process.pid)]
            memory.add_metric(names, memory_bytes(process))
            threads.add_metric(names, process.num_threads())
            cpu.add_metric(names, sum(process.cpu_times()[:2]))
    yield from (memory, threads, cpu)
