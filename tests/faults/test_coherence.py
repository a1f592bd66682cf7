"""An answer that is ready is never older than the last write that was acknowledged.

Four workers, each with answers of its own, on one machine, and on several that share Redis.
"""

import http.client
import json
import subprocess
import sys
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection

from tests.site import GIVE_UP, ROOT, Site, throw_away_database

LIST = "/api/platform/products"
SLUG = "observed"
PAIRS = 60
READERS = 12  # connections
WORKERS = 4

KILLED_BEFORE_IT_SETTLES = """
import os, sys
import django
django.setup()
from softfactory.kernel.db.shared import mapped, remote
from subscriptions.models import Product
for copies in (mapped, remote):
    copies._Mark.settle = lambda mark: os.kill(os.getpid(), 9)
Product.objects.filter(slug="observed").update(name=sys.argv[1])
"""


class Reader:
    """A visitor who stays on one connection, and so with one worker."""

    def __init__(self, site):
        self.connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=GIVE_UP)

    def close(self):
        self.connection.close()

    def name(self):
        self.connection.request("GET", LIST)
        answer = self.connection.getresponse()
        rows = json.loads(answer.read())["results"]
        return next(row["name"] for row in rows if row["slug"] == SLUG)


@pytest.fixture(params=["one machine", pytest.param("machines", marks=pytest.mark.redis)])
def sites(request, tmp_path):
    """One site with four workers; or two on the same database, each in a folder of its own."""
    redis_url = settings.REDIS_URL if request.param == "machines" else ""
    count = 1 if request.param == "one machine" else 2
    folders = [tmp_path / str(number) for number in range(count)]
    with throw_away_database(connection.vendor, tmp_path) as url:
        made = []
        for folder in folders:
            folder.mkdir()
            workers = str(WORKERS // count)
            made.append(Site(folder, url, REDIS_URL=redis_url, WEB_CONCURRENCY=workers))
        try:
            for site in made:
                site.start()
            yield made
        finally:
            for site in made:
                site.kill()


@pytest.fixture
def staff(sites):
    """A token that writes products."""
    seeded = sites[0].manage(
        "seed_demo", "--users", "1", "--chefs", "1", "--bookings", "0", "--json"
    )
    people = json.loads(seeded)["users"]
    token = next(person["token"] for person in people if person["role"] == "staff")
    body = {"slug": SLUG, "name": "At first"}
    made = sites[0].call("POST", LIST, body, token=token)
    assert made.status == 201, made.body
    return token


@pytest.fixture
def open_readers(sites):
    """`open_readers(12)` are as many visitors, spread over the machines."""
    opened = []

    def made(count):
        opened.extend(Reader(sites[number % len(sites)]) for number in range(count))
        return opened

    yield made
    for reader in opened:
        reader.close()


def rename(site, token, name):
    answer = site.call(
        "PATCH", f"{LIST}/{SLUG}", {"name": name}, token=token, headers={"If-Match": "*"}
    )
    assert answer.status == 200, answer.body


def ready_answers(site):
    """How many answers were ready on this machine."""
    text = site.call("GET", "/metrics", headers={"Accept": "text/plain"}).body.decode()
    wanted = 'softfactory_cache_operations_total{cache="ready",operation="get",result="hit"}'
    counts = [line.rpartition(" ")[2] for line in text.splitlines() if line.startswith(wanted)]
    return float(counts[0]) if counts else 0.0


def test_every_worker_shows_what_was_acknowledged(sites, staff, open_readers):
    readers = open_readers(READERS)
    stale = []
    for number in range(PAIRS):
        name = f"Number {number}"
        rename(sites[number % len(sites)], staff, name)
        stale += [name for reader in readers if reader.name() != name]
        for reader in readers:
            reader.name()

    assert stale == []
    assert all(ready_answers(site) > PAIRS for site in sites)


def test_a_writer_that_was_killed_after_its_commit_leaves_nothing_stale(sites, staff, open_readers):
    readers = open_readers(READERS)
    for reader in readers:
        assert reader.name() == "At first"
    name = uuid.uuid4().hex
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_BEFORE_IT_SETTLES, name],
        env=sites[0].env | {"PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -9, killed.stderr

    assert {reader.name() for reader in readers} == {name}


def test_readers_who_do_not_stop_never_see_an_older_name_again(sites, staff, open_readers):
    is_over = threading.Event()

    def read(reader):
        names = []
        while not is_over.is_set():
            names.append(reader.name())
        return names

    with ThreadPoolExecutor() as threads:
        seen = [threads.submit(read, reader) for reader in open_readers(2)]
        for number in range(PAIRS // 2):
            rename(sites[number % len(sites)], staff, f"Number {number:03}")
        is_over.set()
        for names in (one.result() for one in seen):
            assert names == sorted(names)  # "At first" sorts before them
