"""Taking a baseline: a site that is made for it, measured, and gone afterwards."""

import json
import os
import platform
import subprocess  # nosec B404
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.db import connection

from monitoring.services.baselines.__main__ import MARK

FORMAT = 1

type Baseline = Mapping[str, Any]


class NotMeasured(Exception):
    """A process that takes part in measuring failed; the message is what it said."""


def take_baseline(
    names: Sequence[str], *, sizes: Mapping[str, int], rounds: int, requests: int, now: datetime
) -> Baseline:
    """Measure these endpoints on a seeded site of its own, on a database like the present one's.

    Raises NotMeasured with what a process said that failed.
    """
    begun = time.monotonic()
    load = os.getloadavg()[0]
    with (
        tempfile.TemporaryDirectory(prefix="softfactory-baseline-") as folder,
        _database(Path(folder)) as url,
    ):
        run = _Runner(Path(folder), url)
        run("manage.py", "migrate", "--verbosity=0")
        run("manage.py", "seed_demo", *(f"--{name}={n}" for name, n in sizes.items()))
        times = (f"--rounds={rounds}", f"--requests={requests}")
        measured = json.loads(run("-m", "monitoring.services.baselines", *times, *names))
    return {
        "format": FORMAT,
        "taken_at": now.isoformat(timespec="seconds"),
        "seconds": round(time.monotonic() - begun, 1),
        "commit": _git("rev-parse", "HEAD") or None,
        "is_dirty": bool(_git("status", "--porcelain")),
        "python": platform.python_version(),
        "django": django.get_version(),
        "machine": {"cores": os.cpu_count(), "load": round(load, 2)},
        "sizes": dict(sizes),
        "rounds": rounds,
        "requests": requests,
        **measured,
    }


class _Runner:
    """Runs Python on a site that lies in `folder`."""

    def __init__(self, folder: Path, url: str) -> None:
        (folder / MARK).touch()
        self._env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "softfactory.settings",
            "SOFTFACTORY_DEMO": "1",
            "DEBUG": "0",
            "DATABASE_URL": url,
            "DATABASE_REPLICA_URL": "",
            "REDIS_URL": "",  # a live one is none of its business
            "EMAIL_URL": "memory:",
            "LOG_REQUESTS": "0",
            "RATE_LIMITS": "off",
            "SILK": "0",
            "VAR_DIR": str(folder),
            "PYTHONHASHSEED": "0",
        }

    def __call__(self, *arguments: str) -> str:
        done = subprocess.run(  # nosec B603
            [sys.executable, *arguments],
            env=self._env,
            cwd=settings.BASE_DIR,
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise NotMeasured(f"{' '.join(arguments[:2])} failed:\n{done.stderr}")
        return done.stdout


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    """Yield the URL of an empty database, a file or beside the present one on its server."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'baseline.sqlite3'}"
        return
    name = f"baseline_{uuid.uuid4().hex[:12]}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")


def _git(*arguments: str) -> str:
    """What git says of this checkout; nothing where there is none."""
    command = ["git", *arguments]
    try:
        done = subprocess.run(  # nosec B603
            command, cwd=settings.BASE_DIR, check=False, capture_output=True, text=True
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
