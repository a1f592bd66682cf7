"""5,000 requests are counted as 5,000, whichever worker answers, and though workers are killed."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import psutil

REQUESTS = 5_000
THREADS = 4
PATH = "/api/platform/products"


def counted(site):
    answer = site.call("GET", "/api/monitoring/metrics")
    assert answer.status == 200, answer.body
    endpoints = answer.json()["endpoints"]
    return sum(one["count"] for one in endpoints if one["route"] == PATH)


def ask(site, times):
    """Ask so many times over few connections; return how often that was answered."""
    with ThreadPoolExecutor(THREADS) as threads:
        shares = threads.map(site.ask_repeatedly, [PATH] * THREADS, [times // THREADS] * THREADS)
        return sum(shares)


def test_every_answer_is_counted_once(stage):
    site = stage.site

    assert ask(site, REQUESTS // 2) == REQUESTS // 2
    assert {counted(site) for _ in range(8)} == {REQUESTS // 2}

    for worker in psutil.Process(site.server.pid).children():  # idle, so nothing is half done
        os.kill(worker.pid, signal.SIGKILL)
    wait_for_workers(site)

    assert ask(site, REQUESTS // 2) == REQUESTS // 2
    assert {counted(site) for _ in range(8)} == {REQUESTS}


def wait_for_workers(site):
    deadline = time.monotonic() + 30
    while site.call("GET", "/api/health").status != 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)
