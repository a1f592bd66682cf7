"""Real counterparts as processes: found, started, waited for, and stopped."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.site import GIVE_UP


def program(name: str) -> str:
    """Return where a counterpart's program is."""
    path = shutil.which(name)
    if path is None:
        pytest.fail(f"{name} is not installed (bin/peers install)")
    return path


@contextmanager
def running(
    command: Sequence[str], *, log: Path, is_ready: Callable[[], bool]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program that answers when `is_ready`; stop it afterwards, whatever happens."""
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, cwd=log.parent)
    try:
        eventually(lambda: process.poll() is not None or is_ready(), f"{command[0]} does not start")
        assert process.poll() is None, log.read_text()
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def eventually(found: Callable[[], Any], otherwise: str) -> Any:
    """Return what is found, as soon as it is something; fail with `otherwise` if that never is."""
    deadline = time.monotonic() + GIVE_UP
    while not (it := found()):
        if time.monotonic() > deadline:
            pytest.fail(otherwise)
        time.sleep(0.1)
    return it
