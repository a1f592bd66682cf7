"""CPU time that processes take, by Linux' own count of each thread."""

from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

type Times = dict[tuple[int, str], int]


def family(pid: int) -> Callable[[], list[int]]:
    """Return what lists a process and all that it started."""

    def pids() -> list[int]:
        root = psutil.Process(pid)
        return [pid, *(child.pid for child in root.children(recursive=True))]

    return pids


def backends(database: str) -> Callable[[], list[int]]:
    """Return what lists the processes in which PostgreSQL serves one database."""

    def pids() -> list[int]:
        running = (process.info for process in psutil.process_iter(["pid", "name", "cmdline"]))
        return [
            one["pid"]
            for one in running
            if one["name"] == "postgres" and f" {database} " in " ".join(one["cmdline"] or ())
        ]

    return pids


def times(pids: Iterable[int]) -> Times:
    """Return how long each thread of these processes has run so far, in nanoseconds."""
    found: Times = {}
    for pid in pids:
        for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            try:
                found[pid, path.parent.name] = int(path.read_text().split()[0])
            except OSError:
                continue  # ended between two looks
    return found


def spent(before: Times, after: Times) -> float:
    """Return the seconds between two looks; a thread that ended in between is not counted."""
    return sum(now - before.get(thread, 0) for thread, now in after.items()) / 1e9
