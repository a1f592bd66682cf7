"""Clock and worker in one process, of their own or of the server's: they work and end together."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from softfactory.kernel import background as kernel
from softfactory.kernel import clock
from tests.programs import eventually
from tests.site import GIVE_UP, ROOT, Site

COUNTED = "from monitoring.models import InvariantCount as I; print(I.objects.count())"
LEFT = "from django_tasks_db.models import DBTaskResult as T; print(T.objects.ready().count())"
LEAVE = "from softfactory.kernel.nudges import nudge; nudge('bookings.place_opened', 0)"
NO_QUEUE = """
from django.db import connection
connection.cursor().execute("DROP TABLE django_tasks_database_dbtaskresult")
"""


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path, f"sqlite:///{tmp_path / 'site.sqlite3'}")
    site.manage("migrate", "--verbosity", "0")
    return site


@pytest.fixture
def background(site, tmp_path):
    """The command as it runs, once it says that it does and can be told to end."""
    with (tmp_path / "background.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run_background"],
            env=site.env,
            cwd=ROOT,
            stderr=log,
            start_new_session=True,
        )
    eventually(lambda: pids(tmp_path, "background") and listens(process.pid), "It did not start.")
    yield process
    with suppress(ProcessLookupError):
        process.kill()
    process.wait()


def pids(folder, role):
    """The processes of this role that run."""
    found = [path.name.partition("-") for path in (folder / "processes").glob(f"{role}-*")]
    return {int(pid) for _role, _dash, pid in found if is_there(int(pid))}


def is_there(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def listens(pid):
    """Whether it catches SIGTERM. Source: proc_pid_status(5)."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    return bool(caught >> signal.SIGTERM - 1 & 1)


def works(site):
    """Whether the clock has been round, and nothing waits any more that was left to the worker."""
    return int(site.shell(COUNTED)) > 0 and int(site.shell(LEFT)) == 0


def maps_database(pid):
    """Whether it maps the database; it looked into it, so its journal's index it does."""
    mapped = {Path(mapped.path).suffix for mapped in psutil.Process(pid).memory_maps()}
    assert ".sqlite3-shm" in mapped
    return ".sqlite3" in mapped


def test_both_work_and_end_when_told(background, site):
    site.shell(LEAVE)

    eventually(lambda: works(site), "Not both work.")
    assert not maps_database(background.pid)

    background.send_signal(signal.SIGTERM)

    assert background.wait(GIVE_UP) == 0


def test_of_what_is_due_nothing_is_begun_any_more_when_it_is_to_end(monkeypatch):
    begun = []
    monkeypatch.setattr(kernel, "due", {"first": begun.append, "second": begun.append})

    kernel.do_what_is_due(clock.now(), is_over=lambda: len(begun) == 1)

    assert len(begun) == 1


def test_one_that_ends_ends_the_other(background, site, tmp_path):
    site.shell(NO_QUEUE)

    assert background.wait(GIVE_UP) == 1
    log = (tmp_path / "background.log").read_text()
    assert "no such table" in log
    assert "Clock or worker ended by itself" in log


@pytest.fixture
def server(site, tmp_path):
    """The server, one of whose processes is both."""
    site.env["BACKGROUND_IN_WEB"] = "1"
    site.start()
    eventually(lambda: is_whole(tmp_path), "Not all of the server started.")
    yield site
    site.kill()


def is_whole(folder, *, web=2):
    return len(pids(folder, "web")) == web and len(pids(folder, "background")) == 1


def test_the_server_starts_it_anew_when_it_dies(server, tmp_path):
    web, [was] = pids(tmp_path, "web"), pids(tmp_path, "background")

    os.kill(was, signal.SIGKILL)
    eventually(lambda: pids(tmp_path, "background") - {was}, "It is gone for good.")
    server.shell(LEAVE)

    eventually(lambda: works(server), "Not both work.")
    assert not any(maps_database(pid) for pid in pids(tmp_path, "background"))
    assert pids(tmp_path, "web") == web


def test_a_server_with_fewer_processes_keeps_it(server, tmp_path):
    was = pids(tmp_path, "background")

    server.server.send_signal(signal.SIGTTOU)
    eventually(lambda: is_whole(tmp_path, web=1), "No process left.")

    assert pids(tmp_path, "background") == was


def test_a_log_that_is_opened_anew_leaves_it_at_rest(server, tmp_path):
    """gunicorn passes the signal for that on to each of its processes."""
    [background] = map(psutil.Process, pids(tmp_path, "background"))

    server.server.send_signal(signal.SIGUSR1)

    eventually(lambda: background.cpu_percent(interval=1) < 10, "It never rests.")


def test_a_release_starts_it_anew_and_the_end_of_the_server_ends_it(server, tmp_path):
    old = pids(tmp_path, "web") | pids(tmp_path, "background")

    server.server.send_signal(signal.SIGHUP)
    eventually(
        lambda: is_whole(tmp_path) and not any(map(is_there, old)), "The old ones are still there."
    )
    assert server.call("GET", "/api/health").status == 200

    new = pids(tmp_path, "background")
    server.server.kill()  # and so without a word to anybody
    eventually(lambda: not any(map(is_there, new)), "It outlives the server.")
