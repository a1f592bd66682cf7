"""What a load run depended on: the machine, the checkout, the site's make and its versions."""

import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

import psutil

from tests.load.stand import Stand
from tests.site import ROOT

MEASURED = ("django", "gunicorn", "locust")
DATABASE = (
    "from django.db import connection as c; print(c.vendor, *c.get_database_version(), sep='.')"
)


def machine() -> dict[str, Any]:
    """Return what the run has to share: ask before it begins."""
    return {
        "cores": os.cpu_count(),
        "memory_mb": psutil.virtual_memory().total // 1024**2,
        "system": platform.platform(),
        "load_before": round(os.getloadavg()[0], 2),
    }


class Busy:
    """How much of all cores was taken between two moments; 100 is one core."""

    percent = 0.0


@contextmanager
def busy() -> Iterator[Busy]:
    """Yield what says afterwards how busy the machine was, with whatever."""
    seen, before, begun = Busy(), psutil.cpu_times(), time.monotonic()
    yield seen
    after = psutil.cpu_times()
    idle = after.idle - before.idle + getattr(after, "iowait", 0) - getattr(before, "iowait", 0)
    seconds = time.monotonic() - begun
    seen.percent = round(100 * ((os.cpu_count() or 1) - idle / seconds), 1)


def checkout() -> dict[str, Any]:
    """Return which commit was run, and whether it was changed since."""
    return {
        "commit": _printed("git", "rev-parse", "HEAD"),
        "is_dirty": bool(_printed("git", "status", "--porcelain")),
    }


def site(stand: Stand) -> dict[str, Any]:
    """Return what the site was made of."""
    env = stand.site.env
    return {
        "database": env["DATABASE_URL"].partition(":")[0],
        "cache": "redis" if env.get("REDIS_URL") else "local memory",
        "proxy": "nginx" if "nginx" in stand.processes else None,
        "processes": int(env["WEB_CONCURRENCY"]),
        "threads": int(env["WEB_THREADS"]),
    }


def versions(stand: Stand) -> dict[str, str | None]:
    """Return the versions of what was measured."""
    vendor, _dot, number = stand.site.manage("shell", "-v0", "-c", DATABASE).strip().partition(".")
    nginx = stand.processes.get("nginx")
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in MEASURED},
        "nginx": _nginx_version(nginx.args[0]) if nginx else None,
        "database": f"{vendor} {number}",
    }


def _nginx_version(nginx: str) -> str | None:
    said = subprocess.run([nginx, "-v"], check=False, capture_output=True, text=True).stderr
    found = re.search(r"nginx/([\d.]+)", said)
    return found[1] if found else None


def _printed(*command: str) -> str | None:
    """What a command says; None where there is no git, or no repository."""
    try:
        return subprocess.check_output(command, cwd=ROOT, text=True, stderr=sys.stderr).strip()
    except (OSError, subprocess.CalledProcessError):
        return None
