"""Chefs who work around the clock, and their free time, for bookings to find room."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from softfactory.kernel import clock

HOURS = 2
FIRST_DAY, LAST_DAY = 3, 80  # from today
RATE = {"amount": 10_000, "currency": "KRW"}
AVAILABILITY = {
    "timezone": "UTC",
    "rules": [{"weekday": day, "starts_at": "00:00", "ends_at": "00:00"} for day in range(7)],
    "exceptions": [],
    "buffer_before_minutes": 0,
    "buffer_after_minutes": 0,
    "minimum_notice_minutes": 0,
    "horizon_days": 90,
    "durations": [HOURS],
    "slot_step_minutes": 30,
}


def open_chefs(call: Callable[..., Any], owner: str, count: int) -> list[int]:
    """Create so many chefs by `call(method, path, body, token=…)`; returns their ids."""
    return [_open_chef(call, owner, f"Open {number}") for number in range(count)]


def _open_chef(call: Callable[..., Any], owner: str, name: str) -> int:
    rates = dict.fromkeys(("hourly_rate", "session_rate", "price_per_guest"), RATE)
    words = {"name": name, "cuisine": "Korean", "location": "Seoul", "timezone": "UTC"}
    made = call("POST", "/api/coocook/chefs", words | rates, token=owner)
    assert made.status == 201, made.body
    chef = made.json()["id"]
    path = f"/api/coocook/chefs/{chef}/availability"
    put = call("PUT", path, AVAILABILITY, token=owner, headers={"If-Match": "*"})
    assert put.status == 200, put.body
    return chef


def free_starts(chefs: list[int]) -> Iterator[dict[str, Any]]:
    """Bodies that book one free start of these chefs after another."""
    today = datetime.combine(clock.now().date(), time(), tzinfo=UTC)
    for day in range(FIRST_DAY, LAST_DAY):
        for hour in range(0, 24, HOURS):
            starts_at = today + timedelta(days=day, hours=hour)
            for chef in chefs:
                yield {"chef_id": chef, "starts_at": starts_at.isoformat(), "guests": 2}
