"""A running site with a few customers, and a chef who works around the clock."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.db import connection

from tests.site import Site, throw_away_database

CUSTOMERS = 8
WEEK = [{"weekday": day, "starts_at": "00:00", "ends_at": "00:00"} for day in range(7)]


class Stage(NamedTuple):
    """What a fault test plays on."""

    site: Site
    owner: str  # tokens
    customers: list[str]
    chef: int


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """The site, up; its chef offers every half hour of every day, in UTC, with buffers."""
    with throw_away_database(connection.vendor, tmp_path) as url:
        site = Site(tmp_path, url)
        try:
            seeded = site.manage(
                "seed_demo", "--users", str(CUSTOMERS), "--chefs", "1", "--bookings", "0", "--json"
            )
            people = json.loads(seeded)["users"]
            tokens = [p["token"] for p in people if p["role"] == "customer"]
            owner = next(p["token"] for p in people if p["role"] == "chef")
            site.start()
            yield Stage(site, owner, tokens, _open_a_chef(site, owner))
        finally:
            site.kill()


def _open_a_chef(site: Site, owner: str) -> int:
    rate = {"amount": 10_000, "currency": "KRW"}
    body = {
        "name": "Night and Day",
        "cuisine": "Korean",
        "location": "Seoul",
        "timezone": "UTC",
        "hourly_rate": rate,
        "session_rate": rate,
        "price_per_guest": rate,
    }
    chef = site.call("POST", "/api/coocook/chefs", body, token=owner)
    assert chef.status == 201, chef.body
    path = f"/api/coocook/chefs/{chef.json()['id']}/availability"
    hours = {
        "timezone": "UTC",
        "rules": WEEK,
        "exceptions": [],
        "buffer_before_minutes": 15,
        "buffer_after_minutes": 15,
        "minimum_notice_minutes": 0,
        "horizon_days": 90,
        "durations": [2, 3],
        "slot_step_minutes": 30,
    }
    put = site.call("PUT", path, hours, token=owner, headers={"If-Match": "*"})
    assert put.status == 200, put.body
    return chef.json()["id"]
