"""Guessing passwords and codes: counted for all workers together, and soon at an end."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.cache import caches

from tests.accounts.second_factor import code_now, give_app, wrong_code
from tests.bookings.answers import problem
from tests.makers import PASSWORD

TOKENS = "/api/auth/tokens"

pytestmark = pytest.mark.usefixtures("limits_on")


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(datetime.fromisoformat("2027-03-01T12:00:05Z"), tick=False) as clock:
        yield clock


def ask(api, email="ana@example.test", password=PASSWORD, address="203.0.113.9", **body):
    body |= {"email": email, "password": password}
    return api().post(TOKENS, body, REMOTE_ADDR=address)


def test_an_account_is_locked_after_five_failures_whatever_the_address(api, ana):
    failures = [ask(api, password="wrong", address=f"203.0.113.{n}") for n in range(5)]
    locked = ask(api, address="198.51.100.1")

    assert [problem(answer)[0] for answer in failures] == [401] * 5
    assert problem(locked) == (429, "too_many_requests")
    assert int(locked["Retry-After"]) == 300


def test_the_lock_opens_by_itself(api, ana, noon):
    for _n in range(5):
        ask(api, password="wrong")

    noon.shift(timedelta(seconds=301))

    assert ask(api).status_code == 201


def test_pages_and_the_api_count_the_same_failures(api, ana, client):
    for n in range(5):
        client.post(
            "/accounts/login",
            {"login": ana.email, "password": "wrong"},
            REMOTE_ADDR=f"203.0.113.{n}",
        )

    assert problem(ask(api, address="198.51.100.1"))[0] == 429


def test_a_locked_account_says_so_on_the_page(ana, client):
    for _n in range(5):
        client.post("/accounts/login", {"login": ana.email, "password": "wrong"})

    page = client.post("/accounts/login", {"login": ana.email, "password": PASSWORD})

    assert b"Wait five minutes" in page.content
    assert "_auth_user_id" not in client.session


def test_an_address_that_tries_many_accounts_is_stopped(api, db):
    answers = [ask(api, email=f"guest{n}@example.test", password="wrong") for n in range(11)]

    assert [answer.status_code for answer in answers] == [401] * 10 + [429]


def test_success_does_not_use_up_tries_but_is_limited_too(api, ana):
    answers = [ask(api) for _n in range(11)]

    assert [answer.status_code for answer in answers] == [201] * 10 + [429]
    assert answers[0]["RateLimit-Limit"] == "10"
    assert answers[0]["RateLimit-Remaining"] == "9"
    assert answers[10]["Retry-After"] == "55"


def test_guessing_codes_is_limited_too(api, ana, noon):
    give_app(ana)
    for n in range(5):
        answer = ask(api, code=wrong_code(), address=f"203.0.113.{n}")
        assert problem(answer) == (401, "invalid_code")

    assert problem(ask(api, code=code_now(), address="198.51.100.1"))[0] == 429


def test_failures_are_counted_where_all_workers_see_them(api, ana):
    for _n in range(5):
        ask(api, password="wrong")

    assert ask(api).status_code == 429
    caches["limits"].clear()
    assert ask(api).status_code == 201


def test_used_codes_are_kept_where_all_workers_see_them(api, ana):
    give_app(ana)
    assert ask(api, code=code_now()).status_code == 201

    assert problem(ask(api, code=code_now())) == (401, "invalid_code")
    caches["limits"].clear()
    assert ask(api, code=code_now()).status_code == 201


def test_signing_up_is_limited_per_address(client, limits_on):
    answers = [client.post("/accounts/signup", {}) for _n in range(21)]

    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert answers[20]["Retry-After"] == "60"
