"""Who one is, told by two workers at once: keys, tokens and limits hold across both."""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from softfactory.kernel import clock
from tests.site import GIVE_UP, Answer

BOOKINGS = "/api/coocook/bookings"
ME = "/api/auth/me"
TOKENS = "/api/auth/tokens"
THREADS = 8
WRITES_A_MINUTE = 120
GUESSES = 5  # in five minutes


def in_days(days: int) -> str:
    start = (clock.now() + timedelta(days=days)).replace(hour=3, minute=0, second=0, microsecond=0)
    return start.isoformat()


def test_one_key_from_many_threads_books_once(stage):
    body = {"chef_id": stage.chef, "starts_at": in_days(7), "guests": 1}
    customer = stage.customers[0]

    def book(_n):
        key = {"Idempotency-Key": "one-for-all"}
        return stage.site.call("POST", BOOKINGS, body, token=customer, headers=key)

    with ThreadPoolExecutor(THREADS) as threads:
        answers = list(threads.map(book, range(4 * THREADS)))
    answers.append(book(None))

    booked = [answer for answer in answers if answer.status == 201]
    waiting = [answer for answer in answers if answer.status != 201]
    assert {(a.status, a.json()["code"]) for a in waiting} <= {(409, "idempotency_key_in_use")}
    assert all("Retry-After" in answer.headers for answer in waiting)
    assert len({answer.body for answer in booked}) == 1
    first = [answer for answer in booked if "Idempotency-Replayed" not in answer.headers]
    assert len(first) == 1
    assert len(stage.site.call("GET", BOOKINGS, token=customer).json()["results"]) == 1


def test_one_key_of_many_callers_is_a_key_of_each(stage):
    def book(customer):
        start = in_days(8 + stage.customers.index(customer))
        body = {"chef_id": stage.chef, "starts_at": start, "guests": 1}
        key = {"Idempotency-Key": "one-for-all"}
        return stage.site.call("POST", BOOKINGS, body, token=customer, headers=key)

    with ThreadPoolExecutor(THREADS) as threads:
        answers = list(threads.map(book, stage.customers))

    assert [answer.status for answer in answers] == [201] * len(stage.customers)
    assert len({answer.json()["customer_id"] for answer in answers}) == len(stage.customers)
    assert not any("Idempotency-Replayed" in answer.headers for answer in answers)


def test_a_revoked_token_opens_nothing_on_any_worker(stage):
    token = stage.customers[0]
    row = stage.site.call("GET", TOKENS, token=token).json()["results"][0]["id"]
    let_in, revoked = threading.Semaphore(0), threading.Event()

    def knock_until_it_is_revoked():
        while not revoked.is_set():
            if stage.site.call("GET", ME, token=token).status == 200:
                let_in.release()

    def knock(_n):
        return stage.site.call("GET", ME, token=token).status

    with ThreadPoolExecutor(THREADS) as threads:
        for _thread in range(THREADS):
            threads.submit(knock_until_it_is_revoked)
        try:
            for _time in range(4 * THREADS):
                assert let_in.acquire(timeout=GIVE_UP)
            answer = stage.site.call("DELETE", f"{TOKENS}/{row}", token=token)
        finally:
            revoked.set()
        after = list(threads.map(knock, range(4 * THREADS)))

    assert answer.status == 204
    assert set(after) == {401}


@pytest.fixture(params=["database", "redis"])
def limited(request, stage):
    """The stage with limits on, which the workers count in the database or in Redis."""
    env = stage.site.env
    url = env.pop("REDIS_URL", "")
    if request.param == "redis":
        if not url:
            pytest.skip("REDIS_URL names no Redis")
        # A Redis database of its own, where nobody else of the same number writes.
        env["REDIS_URL"] = urlsplit(url)._replace(path=f"/{1 + os.getpid() % 15}").geturl()
    stage.site.kill()
    env["RATE_LIMITS"] = "on"
    stage.site.start()
    return stage


def within_one_minute(race: Callable[[], list[Answer]]) -> list[Answer]:
    """Run the race, and again if the minute by which limits are counted ended in the middle."""
    while True:
        minute = time.time() // 60
        answers = race()
        if time.time() // 60 == minute:
            return answers
        time.sleep(60 - time.time() % 60)


def test_workers_count_writes_together_and_exactly(limited):
    over = 24
    customer = limited.customers[0]

    def write(_n):
        return limited.site.call("DELETE", f"{TOKENS}/999999999999", token=customer)

    def race():
        with ThreadPoolExecutor(THREADS) as threads:
            return list(threads.map(write, range(WRITES_A_MINUTE + over)))

    answers = within_one_minute(race)
    statuses = Counter(answer.status for answer in answers)
    assert statuses == {404: WRITES_A_MINUTE, 429: over}
    left = sorted(int(a.headers["RateLimit-Remaining"]) for a in answers if a.status == 404)
    assert left == list(range(WRITES_A_MINUTE))


def test_workers_count_failed_sign_ins_together_and_exactly(limited):
    email = limited.site.call("GET", ME, token=limited.customers[0]).json()["email"]

    def guess(number):
        return limited.site.call("POST", TOKENS, {"email": email, "password": f"guess {number}"})

    with ThreadPoolExecutor(THREADS) as threads:
        answers = list(threads.map(guess, range(4 * THREADS)))

    statuses = Counter(answer.status for answer in answers)
    assert statuses == {401: GUESSES, 429: 4 * THREADS - GUESSES}
