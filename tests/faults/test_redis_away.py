"""Redis takes connections and never answers: nobody gets an error, and few have to wait."""

import socket
import threading
import time

import pytest
from django.db import connection

from tests.site import Site, throw_away_database

READS = ("/", "/coocook/explore", "/api/coocook/chefs", "/api/platform/products", "/api/health")
PAUSE = 1.0  # seconds between two tries of all processes to reach it (kernel/redis.py)
LASTS = 4 * PAUSE


class HungRedis:
    """Accepts whatever comes, and counts it; says nothing."""

    def __init__(self):
        self._server = socket.create_server(("127.0.0.1", 0), backlog=100)
        self._taken = []
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                self._taken.append(self._server.accept()[0])
            except OSError:
                return

    @property
    def tries(self):
        return len(self._taken)

    def close(self):
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for taken in self._taken:
            taken.close()


@pytest.fixture
def hung():
    redis = HungRedis()
    yield redis
    redis.close()


@pytest.fixture(params=[1, 2])
def processes(request):
    return request.param


@pytest.fixture
def site(tmp_path, hung, processes):
    """Each of its processes finds out for itself; limits are on, which count in Redis too."""
    redis = {"REDIS_URL": f"redis://127.0.0.1:{hung.port}/0", "WEB_CONCURRENCY": str(processes)}
    with throw_away_database(connection.vendor, tmp_path) as url:
        site = Site(tmp_path, url, RATE_LIMITS="on", **redis)
        try:
            site.start()
            yield site
        finally:
            site.kill()


def test_a_hung_redis_costs_no_error_and_one_wait_a_second(site, hung, processes):
    """Who tries to reach it waits a quarter of a second; so what counts is how often one tries."""
    wrong = {"email": "nobody@example.test", "password": "wrong"}
    assert site.call("POST", "/api/auth/tokens", wrong).status == 401
    before, began = hung.tries, time.monotonic()
    while time.monotonic() - began < LASTS:
        for path in READS:
            assert site.call("GET", path).status == 200
    assert site.call("POST", "/api/auth/tokens", wrong).status == 401

    assert hung.tries - before <= (time.monotonic() - began) / PAUSE + processes
