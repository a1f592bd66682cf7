"""Limits on writes: counted per account and address, told in headers, refused with a wait."""

from datetime import datetime

import pytest
import time_machine

from softfactory.kernel.http import limits
from softfactory.kernel.http.limits import Limit
from tests.bookings.answers import problem
from tests.makers import make_token

TOKENS = "/api/auth/tokens"
STEPS = {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"}


@pytest.fixture(autouse=True)
def _small_limits(monkeypatch, limits_on):
    monkeypatch.setattr(limits, "WRITES_OF_ACCOUNT", Limit("writes-account", 2))
    monkeypatch.setattr(limits, "WRITES_FROM_ADDRESS", Limit("writes-address", 4))


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(datetime.fromisoformat("2027-03-01T12:00:20Z"), tick=False) as clock:
        yield clock


def write(client, **headers):
    """A write that changes nothing: there is no such token."""
    return client.delete(f"{TOKENS}/999999999999", **headers)


def told(response):
    return tuple(int(response[name]) for name in sorted(STEPS))


def test_an_account_is_told_what_is_left_and_when_to_go_on(api, ana):
    client = api(ana)

    answers = [write(client) for _n in range(3)]

    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert [told(answer) for answer in answers] == [(2, 1, 40), (2, 0, 40), (2, 0, 40)]
    assert problem(answers[2]) == (429, "too_many_requests")
    assert answers[2]["Retry-After"] == "40"


def test_the_next_minute_starts_afresh(api, ana, noon):
    client = api(ana)
    for _n in range(3):
        write(client)

    noon.shift(40)

    assert write(client).status_code == 404


def test_an_account_has_one_limit_for_all_its_tokens(api, ana):
    first, second = api(ana), api(ana)
    for _n in range(2):
        write(first)

    assert write(second).status_code == 429


def test_an_address_has_one_limit_for_all_accounts(api, ana, ben, cho):
    for user in (ana, ben):
        client = api(user)
        assert [write(client).status_code for _n in range(2)] == [404, 404]

    assert write(api(cho)).status_code == 429
    assert write(api(cho), REMOTE_ADDR="203.0.113.9").status_code == 404


def test_no_header_of_the_client_makes_another_address(api, ana, ben, cho):
    for user in (ana, ben):
        client = api(user)
        for _n in range(2):
            write(client)

    assert write(api(cho), headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 429


def test_reading_is_not_counted(api, ana):
    client = api(ana)

    answers = [client.get(TOKENS) for _n in range(6)]

    assert {answer.status_code for answer in answers} == {200}
    assert not any(STEPS & set(answer.headers) for answer in answers)


def test_a_page_is_limited_in_words(ana, browse):
    browser = browse(ana)
    answers = [browser.post("/account", {}) for _n in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0]["RateLimit-Remaining"] == "1"
    assert answers[2]["Retry-After"] == "40"
    assert b"Wait 40 seconds" in answers[2].content


def test_a_page_and_the_api_count_together(api, ana, browse):
    for _n in range(2):
        browse(ana).post("/account", {})

    assert write(api(ana)).status_code == 429


def test_limits_can_be_switched_off(api, ana, settings):
    settings.RATE_LIMITED = False
    client = api(ana)

    answers = [write(client) for _n in range(5)]

    assert {answer.status_code for answer in answers} == {404}
    assert not STEPS & set(answers[0].headers)


def test_a_write_that_is_refused_costs_no_more_than_counting(
    api, ana, django_assert_max_num_queries
):
    client = api()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(ana)}")
    for _n in range(2):
        write(client)

    with django_assert_max_num_queries(2):
        assert write(client).status_code == 429
