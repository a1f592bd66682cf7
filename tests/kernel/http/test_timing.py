"""Server-Timing tells staff, and nobody else, how long an answer took."""

import re

import pytest

ME = "/api/auth/me"


def test_staff_sees_database_and_total(api, dee):
    timing = api(dee).get(ME).headers["Server-Timing"]
    found = re.fullmatch(r"db;dur=(\d+\.\d), total;dur=(\d+\.\d)", timing)
    assert 0 < float(found[1]) <= float(found[2])


def test_staff_sees_it_on_pages(browse, dee):
    assert "Server-Timing" in browse(dee).get("/account").headers


def test_others_do_not(api, browse, ana):
    assert "Server-Timing" not in api(ana).get(ME).headers
    assert "Server-Timing" not in browse(ana).get("/account").headers
    assert "Server-Timing" not in api().get(ME).headers


@pytest.mark.django_db(transaction=True)
def test_what_everybody_shares_has_none(browse, dee):
    answer = browse(dee).get("/coocook/explore")
    assert "Server-Timing" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
