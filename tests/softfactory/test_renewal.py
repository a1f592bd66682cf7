"""A release without a gap: a real server on a copy of the code, which changes under it."""

import os
import shutil
import signal
import threading
import time

import psutil
import pytest

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
    change(site, "import random", "import nowhere")
    released(site)

    assert site.call("GET", HEALTH).status == 200
    assert "The new code does not load" in site.log.read_text()
    assert "No module named 'nowhere'" in site.log.read_text()


def test_a_worker_that_is_started_anew_speaks_for_the_code_that_it_has(site):
    """Not for what lies on the disk by then, or else the next release's answers have its tags."""
    before = site.call("GET", DOCS).headers["ETag"]
    old = workers_of(site)
    change(site, '"""', '"""A word more. ')
    for pid in old:
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: len(workers_of(site) - old) == WORKERS, "The workers were not started anew.")

    assert site.call("GET", DOCS).headers["ETag"] == before
