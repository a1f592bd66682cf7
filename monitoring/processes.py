"""Which processes of this site run here: each leaves a file in VAR_DIR/processes, by role and pid.

Roles: `master` and `web` (gunicorn and its workers), `worker` (db_worker), `clock` (run_due),
`background` (both in one).
This module is gunicorn's master's too, which outlives a release: it knows no Django.
"""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil

# A process that was started after its file was written only has the pid of the one that wrote it.
SLACK_SECONDS = 2


EPOCH = "epoch"


class Running(NamedTuple):
    """A process that runs."""

    role: str
    process: psutil.Process


def enter(folder: Path, role: str) -> None:
    """Say that this process runs; without a place to write, nobody hears of it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{role}-{os.getpid()}").touch()
    except OSError:
        return


def running(folder: Path) -> Iterator[Running]:
    """Yield the processes that run, and remove the files of those that do not."""
    for path in sorted(folder.glob("*-*")):
        role, _dash, pid = path.name.rpartition("-")
        try:
            process = psutil.Process(int(pid))
            is_ours = process.create_time() <= path.stat().st_mtime + SLACK_SECONDS
            if is_ours and process.status() != psutil.STATUS_ZOMBIE:
                yield Running(role, process)
                continue
        except (psutil.Error, OSError):
            pass
        path.unlink(missing_ok=True)


def start_meters_anew(meters: Path) -> None:
    """Remove what was counted before: the master starts, and with it a new epoch."""
    meters.mkdir(parents=True, exist_ok=True)
    for path in meters.glob("*.db"):
        path.unlink(missing_ok=True)
    (meters / EPOCH).write_text(uuid.uuid4().hex)


def forget_state_of(pid: int, meters: Path) -> None:
    """Remove the present state of a process that died; what it counted stays counted."""
    for path in meters.glob(f"gauge_live*_{pid}.db"):
        path.unlink(missing_ok=True)
