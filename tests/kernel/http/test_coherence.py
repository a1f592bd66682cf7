"""Whoever reads after a write was acknowledged sees it, on every worker, while others read too."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client

from subscriptions.models import Product
from tests.makers import make_product
from tests.site import GIVE_UP

pytestmark = pytest.mark.django_db(transaction=True)

PAIRS = 500
LIST = "/api/platform/products"


def database_url():
    """Where this run's database is."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    who = f"{settings['USER']}:{quote(settings['PASSWORD'])}@{settings['HOST']}:{settings['PORT']}"
    return f"postgres://{who}/{settings['NAME']}"


class Worker:
    """Another process of the site on the same database, with a cache of its own."""

    def __init__(self):
        env = os.environ | {
            "DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "softfactory.settings",
            "PYTHONPATH": os.getcwd(),
        }
        self.process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("worker.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=env,
        )

    def ask(self, command):
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def stop(self):
        self.process.communicate(timeout=GIVE_UP)


@pytest.fixture
def worker():
    other = Worker()
    yield other
    other.stop()


def shown(client):
    return client.get(LIST).json()["results"][0]["name"]


@pytest.fixture
def product(transactional_db):
    return make_product("one")


@pytest.fixture
def readers(product):
    """Two threads that read all the time, and so keep answers in the middle of writes."""
    done = threading.Event()
    failed = []

    def read():
        client = Client()
        try:
            while not done.is_set():
                shown(client)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=read) for _reader in range(2)]
    for thread in threads:
        thread.start()
    yield threads
    done.set()
    for thread in threads:
        thread.join()
    assert failed == []


def test_another_workers_write_is_seen_here(client, worker, readers):
    stale = []
    for number in range(PAIRS):
        assert worker.ask(f"write {number}") == "done"
        if shown(client) != str(number):
            stale.append(number)

    assert stale == []


def test_a_write_here_is_seen_by_another_worker(client, worker, product):
    stale = []
    for number in range(PAIRS):
        Product.objects.update(name=str(number))
        if worker.ask("read") != str(number):
            stale.append(number)

    assert stale == []
