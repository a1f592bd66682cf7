"""Clock and worker from one process: they start, work and end together."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.site import GIVE_UP, ROOT, Site

COUNTED = "from monitoring.models import InvariantCount as I; print(I.objects.count())"


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path, f"sqlite:///{tmp_path / 'site.sqlite3'}")
    site.manage("migrate", "--verbosity", "0")
    return site


@pytest.fixture
def clock(site, tmp_path):
    """The command as it runs, once both have said that they do and the clock can be told to end."""
    with (tmp_path / "background.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run_background"],
            env=site.env,
            cwd=ROOT,
            stderr=log,
            start_new_session=True,
        )
    wait_until(lambda: len(roles(tmp_path)) == 2 and listens(process.pid))
    yield process
    with suppress(ProcessLookupError):
        process.kill()
    process.wait()


def roles(folder):
    names = [path.name.partition("-") for path in (folder / "processes").glob("*")]
    return {role: int(pid) for role, _dash, pid in names}


def listens(pid):
    """Whether it catches SIGTERM. Source: proc_pid_status(5)."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    return bool(caught >> signal.SIGTERM - 1 & 1)


def wait_until(is_so):
    deadline = time.monotonic() + GIVE_UP
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_gone(pid):
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_both_run_and_end_when_told(clock, tmp_path):
    found = roles(tmp_path)
    assert found["clock"] == clock.pid != found["worker"]

    clock.send_signal(signal.SIGTERM)

    assert clock.wait(GIVE_UP) == 0
    assert is_gone(found["worker"])


def test_a_worker_that_dies_ends_the_clock(clock, tmp_path):
    os.kill(roles(tmp_path)["worker"], signal.SIGKILL)

    assert clock.wait(GIVE_UP) == 1
    assert "The worker ended by itself" in (tmp_path / "background.log").read_text()


def test_a_clock_that_dies_ends_the_worker(clock, tmp_path):
    worker = roles(tmp_path)["worker"]
    clock.kill()

    wait_until(lambda: is_gone(worker))


def test_the_clock_does_what_is_due_and_maps_no_database(clock, site):
    wait_until(lambda: int(site.manage("shell", "-v0", "-c", COUNTED)) > 0)

    mapped = {mapped.path for mapped in psutil.Process(clock.pid).memory_maps()}
    assert any(path.endswith(".sqlite3-shm") for path in mapped)  # its journal's, so it looked
    assert not any(path.endswith(".sqlite3") for path in mapped)
