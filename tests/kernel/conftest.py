"""What tests of the kernel share."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection


@pytest.fixture
def at_once():
    """`at_once(work, 8)` calls `work(0)` to `work(7)` at the same time, each with a connection
    of its own; returns what they return.
    """

    def run(work, count):
        meeting = threading.Barrier(count)

        def call(number):
            meeting.wait(10)
            try:
                return work(number)
            finally:
                connection.close()

        with ThreadPoolExecutor(count) as threads:
            return list(threads.map(call, range(count)))

    return run
