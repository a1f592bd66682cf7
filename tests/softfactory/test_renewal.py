"""A release without a gap: a real server on a copy of the code, which changes under it."""

import os
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

import psutil
import pytest

from softfactory.kernel import renewal
from tests.programs import eventually
from tests.site import GIVE_UP, ROOT, Site

APPS = ("bookings", "monitoring", "sns", "softfactory", "subscriptions")
CODE = (*APPS, "templates", "locale", "static")
FILES = ("gunicorn.conf.py", "manage.py", "requirements/base.txt")
HEALTH = "/api/health"
DOCS = "/api/docs"
WORKERS = 2  # as every site of a test has


@pytest.fixture
def site(tmp_path):
    """A running site whose code is its own."""
    for name in CODE:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    site = Site(tmp_path, f"sqlite:///{tmp_path / 'site.sqlite3'}")
    site.root = tmp_path
    site.start()
    eventually(lambda: len(workers_of(site)) == WORKERS, "A worker did not start.")
    yield site
    site.kill()


def workers_of(site):
    return {child.pid for child in psutil.Process(site.server.pid).children()}


def released(site):
    """Let the server load what is there now; return once the old workers are gone."""
    old = workers_of(site)
    os.kill(site.server.pid, signal.SIGHUP)
    deadline = time.monotonic() + GIVE_UP
    while workers_of(site) & old or len(workers_of(site)) != WORKERS:
        assert time.monotonic() < deadline, site.log.read_text()
        time.sleep(0.05)


def change(site, old, new):
    path = site.root / "softfactory" / "kernel" / "request_id.py"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_new_code_takes_over_on_the_same_port_and_in_the_same_process(site):
    statuses, done = [], threading.Event()

    def ask():
        while not done.is_set():
            statuses.append(site.call("GET", HEALTH).status)

    asking = threading.Thread(target=ask)
    asking.start()
    change(site, 'HEADER = "X-Request-ID"', 'HEADER = "X-Another-ID"')
    released(site)
    released(site)  # once more: what was handed over can be handed over
    done.set()
    asking.join()

    assert set(statuses) == {200}
    assert "X-Another-ID" in site.call("GET", HEALTH).headers
    assert site.server.poll() is None


def test_code_that_does_not_load_changes_nothing(site):
    old = workers_of(site)
    change(site, "import random", "import nowhere")
    is_refused(site)

    assert site.call("GET", HEALTH).status == 200
    assert "No module named 'nowhere'" in site.log.read_text()
    assert workers_of(site) == old


def test_a_configuration_of_the_server_that_does_not_load_changes_nothing(site):
    """It may ask for what only the new code has, so that the old one must not read it."""
    old = workers_of(site)
    with (site.root / "gunicorn.conf.py").open("a") as configuration:
        configuration.write("threads = settings.WHAT_IS_NOT_YET\n")
    is_refused(site)

    assert site.call("GET", HEALTH).status == 200
    assert workers_of(site) == old


def is_refused(site):
    os.kill(site.server.pid, signal.SIGHUP)
    eventually(lambda: "The new code does not load" in site.log.read_text(), "Nothing was said.")


def test_a_worker_that_is_started_anew_speaks_for_the_code_that_it_has(site):
    """Not for what lies on the disk by then, or else the next release's answers have its tags."""
    before = site.call("GET", DOCS).headers["ETag"]
    old = workers_of(site)
    change(site, '"""', '"""A word more. ')
    for pid in old:
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: len(workers_of(site) - old) == WORKERS, "The workers were not started anew.")

    assert site.call("GET", DOCS).headers["ETag"] == before


@pytest.mark.parametrize("order", [signal.SIGHUP, signal.SIGUSR1], ids=["HUP", "USR1"])
def test_what_is_ordered_while_the_new_code_loads_is_done_then(site, order):
    """Another release, or logs that are opened anew: left to the kernel, each ends the server."""
    os.kill(site.server.pid, signal.SIGHUP)
    eventually(lambda: has_begun_anew(site.server.pid), "It did not begin anew.")

    os.kill(site.server.pid, order)

    heard = f"Handling signal: {order.name.removeprefix('SIG').lower()}"
    eventually(lambda: heard in "".join(lives(site)[1:]), "It did not hear.")
    assert site.call("GET", HEALTH).status == 200


def test_an_end_that_is_ordered_while_the_new_code_is_tried_comes(site):
    pid = site.server.pid
    os.kill(pid, signal.SIGHUP)
    eventually(lambda: tries_new_code(pid) or has_begun_anew(pid), "It does not try the new code.")

    site.server.terminate()

    assert site.server.wait(GIVE_UP) == 0
    site.server = None


def test_an_end_comes_before_another_release(site):
    os.kill(site.server.pid, signal.SIGHUP)
    eventually(lambda: has_begun_anew(site.server.pid), "It did not begin anew.")

    os.kill(site.server.pid, signal.SIGHUP)
    site.server.terminate()

    assert site.server.wait(GIVE_UP) == 0
    site.server = None


def test_sockets_are_handed_over_and_not_multiplied(site):
    released(site)
    before = psutil.Process(site.server.pid).num_fds()
    released(site)

    assert psutil.Process(site.server.pid).num_fds() == before


def tries_new_code(pid):
    programs = [other.info for other in psutil.process_iter(["ppid", "cmdline"])]
    trial = renewal.trial()[-1]
    return any(it["ppid"] == pid and trial in (it["cmdline"] or ()) for it in programs)


def has_begun_anew(pid):
    return b"LISTEN_PID=" in Path(f"/proc/{pid}/environ").read_bytes()


def lives(site):
    """What the server said from each beginning on."""
    return site.log.read_text().split("Starting gunicorn")[1:]


def test_an_old_worker_that_left_by_itself_is_no_fault_of_a_new_one(monkeypatch):
    """Two new ones look at the same old ones, and the second may find one gone."""
    with subprocess.Popen(["true"]) as gone, subprocess.Popen(["sleep", "600"]) as there:
        siblings = [psutil.Process(old.pid) for old in (gone, there)]
        gone.wait()
        monkeypatch.setattr(psutil.Process, "children", lambda _parent: siblings)
        monkeypatch.setattr(renewal, "elders", {gone.pid, there.pid})

        try:
            renewal.dismiss_elders()
            assert there.wait(GIVE_UP) == -signal.SIGTERM
        finally:
            there.kill()
