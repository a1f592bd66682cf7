"""What the site's processes use of their host: memory, processor, threads, files, disk."""

import platform
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
import psutil
from django.conf import settings
from django.db import connection

from monitoring.processes import Running, running

MEGABYTE = 1_000_000


def this_host() -> str:
    """Return the name of this installation on this host; two on one host have two folders."""
    return f"{socket.gethostname()}:{settings.VAR_DIR}"


def processes() -> list[Running]:
    """Return the site's processes on this host; alone, a process is its own."""
    found = list(running(settings.PROCESSES_DIR))
    return found or [Running("web", psutil.Process())]


def memory_mb() -> float:
    """Return the memory of all processes of this host, in MB; what they share counts once."""
    return _total(processes(), memory_bytes) / MEGABYTE


def memory_bytes(process: psutil.Process) -> int:
    """Return the memory of a process, with its part of what several share where that is known."""
    with suppress(psutil.AccessDenied, AttributeError):
        return process.memory_full_info().pss
    return process.memory_info().rss


def usage() -> dict[str, float]:
    """Return what all processes of this host use together; seconds of CPU since they began."""
    alive = processes()
    return {
        "memory_mb": _total(alive, memory_bytes) / MEGABYTE,
        "cpu_seconds": _total(alive, lambda process: sum(process.cpu_times()[:2])),
        "num_threads": _total(alive, lambda process: process.num_threads()),
        "processes": len(alive),
        "database_bytes": database_bytes(),
    }


def _total(alive: list[Running], measure: Callable[[psutil.Process], float]) -> float:
    total = 0.0
    for _role, process in alive:
        with suppress(psutil.Error):  # it ended since, or is somebody else's
            total += measure(process)
    return total


def system(*, now: datetime, cpu_percent: float | None) -> dict[str, Any]:
    """Return what this host is and what the site uses of it.

    `cpu_percent` is that of the last sample, 100 for one processor; without one it is the average
    since the processes began.
    """
    alive = processes()
    used = usage()
    began = min(process.create_time() for _role, process in alive)
    uptime = now.timestamp() - began
    disk = psutil.disk_usage(str(settings.VAR_DIR))
    memory = psutil.virtual_memory()
    return {
        "host": socket.gethostname(),
        "memory_mb": round(used["memory_mb"], 1),
        "cpu_percent": round(
            used["cpu_seconds"] / uptime * 100 if cpu_percent is None else cpu_percent, 1
        ),
        "num_threads": int(used["num_threads"]),
        "open_files": int(_total(alive, lambda process: process.num_fds())),
        "database": _database(alive),
        "uptime_seconds": round(uptime),
        "workers": [_worker(one) for one in alive],
        "disk": {"total_bytes": disk.total, "free_bytes": disk.free, "used_percent": disk.percent},
        "machine": {
            "cpus": psutil.cpu_count(),
            "load": [round(load, 2) for load in psutil.getloadavg()],
            "memory_mb": round(memory.total / MEGABYTE),
            "memory_available_mb": round(memory.available / MEGABYTE),
        },
        "versions": {"python": platform.python_version(), "django": django.get_version()},
        "timestamp": now.isoformat(),
    }


def _worker(one: Running) -> dict[str, Any]:
    role, process = one
    with process.oneshot():
        started = datetime.fromtimestamp(process.create_time(), UTC)
        return {
            "role": role,
            "pid": process.pid,
            "memory_mb": round(memory_bytes(process) / MEGABYTE, 1),
            "cpu_seconds": round(sum(process.cpu_times()[:2]), 2),
            "threads": process.num_threads(),
            "started_at": started.isoformat(),
        }


def _database(alive: list[Running]) -> dict[str, Any]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version'), pg_database_size(current_database()),"
                " (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())"
            )
            version, size, connections = cursor.fetchone()
        return {
            "engine": "postgresql",
            "version": version,
            "size_bytes": size,
            "wal_bytes": None,  # the server's, not the database's
            "connections": connections,
        }
    path = _sqlite_path()
    return {
        "engine": "sqlite",
        "version": _sqlite_version(),
        "size_bytes": _bytes(path),
        "wal_bytes": _bytes(path.with_name(f"{path.name}-wal")),
        "connections": int(_total(alive, lambda process: _handles(process, path))),
    }


def _sqlite_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()")
        return cursor.fetchone()[0]


def database_bytes() -> int:
    """Return the size of the database, with what SQLite has not yet moved out of its log."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return cursor.fetchone()[0]
    path = _sqlite_path()
    return _bytes(path) + _bytes(path.with_name(f"{path.name}-wal"))


def _sqlite_path() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _handles(process: psutil.Process, path: Path) -> int:
    return sum(file.path == str(path) for file in process.open_files())
