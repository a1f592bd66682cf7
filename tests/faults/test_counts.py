"""5,000 requests are counted as 5,000: by all workers, through kills, by clocks that run at once.

And where nothing can be counted, everything is answered all the same.
"""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psutil

from softfactory.kernel import clock

REQUESTS = 5_000
THREADS = 4
PATH = "/api/platform/products"
CLOCKS = 4


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


def test_clocks_that_run_at_once_sample_each_answer_once(stage):
    site = stage.site
    site.manage("run_due")  # what was counted before
    sampled = sum_of_samples(site)
    due = (clock.now() + timedelta(seconds=20)).isoformat()

    assert ask(site, 400) == 400
    with ThreadPoolExecutor(CLOCKS) as threads:
        list(threads.map(site.manage, ["run_due"] * CLOCKS, ["--now"] * CLOCKS, [due] * CLOCKS))

    assert sum_of_samples(site) - sampled == 400


def sum_of_samples(site):
    program = (
        "from monitoring.models import Sample; from monitoring.services.samples import total;"
        f"counted = total(Sample.objects.all()); name = 'GET {PATH}';"
        "print(sum(n for (who, what, _), n in counted.items() if (who, what) == (name, 'status')))"
    )
    return float(site.manage("shell", "--no-imports", "--command", program))


def test_a_full_disk_fails_no_request(stage):
    site = stage.site
    site.kill()
    # No file may grow past 64 kB: the database stays as it is, and there is no room for meters.
    site.start(before=["bash", "-c", 'ulimit -f 64; exec "$@"', "-"])

    assert ask(site, 200) == 200
    assert "counts alone" in site.log.read_text()
    assert site.call("GET", "/api/monitoring/metrics").status == 200
