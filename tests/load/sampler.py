"""How much memory and CPU processes take while something else goes on."""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Self

import psutil

EVERY = 1.0  # seconds
MOST_POINTS = 240
MEGABYTE = 1024 * 1024


class Sampler:
    """Looks once a second at some processes and all that they started.

    Memory is the proportional set size, where what several processes share is counted once in all.
    """

    def __init__(self, roots: Mapping[str, int]) -> None:
        self._roots = {name: psutil.Process(pid) for name, pid in roots.items()}
        self._memory: list[tuple[float, Counter[str]]] = []
        self._before: dict[psutil.Process, float] = {}
        self._cpu: dict[psutil.Process, tuple[str, float]] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._begun = time.monotonic()
        self._look()
        self._before = {process: cpu for process, (_name, cpu) in self._cpu.items()}
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        self._thread.join()

    def result(self) -> dict[str, Any]:
        """Return the most megabytes and the percent of one core, in all and by name."""
        seconds = time.monotonic() - self._begun
        used: Counter[str] = Counter()
        for process, (name, cpu) in self._cpu.items():
            used[name] += cpu - self._before.get(process, 0.0)
        totals = [(round(at, 1), round(sizes.total(), 1)) for at, sizes in self._memory]
        most = {name: max(sizes[name] for _at, sizes in self._memory) for name in self._roots}
        return {
            "memory_mb": {
                "max": max(mb for _at, mb in totals),
                "last": totals[-1][1],
                "max_by_process": {name: round(mb, 1) for name, mb in most.items()},
                "points": totals[:: len(totals) // MOST_POINTS + 1],
            },
            "cpu_percent": {
                "total": round(100 * used.total() / seconds, 1),
                "by_process": {name: round(100 * cpu / seconds, 1) for name, cpu in used.items()},
            },
        }

    def _run(self) -> None:
        while not self._done.wait(EVERY):
            self._look()

    def _look(self) -> None:
        sizes: Counter[str] = Counter(dict.fromkeys(self._roots, 0.0))
        for name, process in self._alive():
            try:
                times = process.cpu_times()
                sizes[name] += _size(process) / MEGABYTE
            except psutil.Error:
                continue  # gone between two looks
            self._cpu[process] = (name, times.user + times.system)
        self._memory.append((time.monotonic() - self._begun, sizes))

    def _alive(self) -> Iterator[tuple[str, psutil.Process]]:
        for name, root in self._roots.items():
            try:
                family = [root, *root.children(recursive=True)]
            except psutil.Error:
                continue
            yield from ((name, process) for process in family)


def _size(process: psutil.Process) -> int:
    """Bytes of a process; where the system knows no proportional size, those that are its own."""
    full = process.memory_full_info()
    return getattr(full, "pss", full.uss)
