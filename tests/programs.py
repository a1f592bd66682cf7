"""Other programs as processes: started, waited for, and stopped."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.site import GIVE_UP


@contextmanager
def running(
    command: Sequence[str],
    *,
    log: Path,
    is_ready: Callable[[], bool],
    env: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program that answers when `is_ready`, where its log is unless in another folder.

    It is stopped afterwards, whatever happens. Raises RuntimeError if it does not start.
    """
    with log.open("ab") as said:
        process = subprocess.Popen(
            command,
            stdout=said,
            stderr=said,
            cwd=folder or log.parent,
            env=env,
            start_new_session=True,
        )
    try:
        eventually(lambda: process.poll() is not None or is_ready(), f"{command[0]} does not start")
        if process.poll() is not None:
            raise RuntimeError(f"{command[0]} did not start:\n{log.read_text()}")
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)  # PHP's master leaves its workers to themselves
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def eventually(found: Callable[[], Any], otherwise: str) -> Any:
    """Return what is found, as soon as it is something. Raises RuntimeError if that never is."""
    deadline = time.monotonic() + GIVE_UP
    while not (it := found()):
        if time.monotonic() > deadline:
            raise RuntimeError(otherwise)
        time.sleep(0.05)
    return it
