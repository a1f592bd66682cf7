"""Four processes race for the same time: each place is sold once, and nothing breaks."""

import json
import random
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from functools import partial
from multiprocessing import get_context

from softfactory.kernel import clock
from tests.site import Answer, Site

PROCESSES = 4
PLACES = 40


def midnight(days: int) -> datetime:
    return datetime.combine(clock.now().date() + timedelta(days=days), time(), tzinfo=UTC)


def rival_ranges() -> list[dict]:
    """For each place, overlapping but unequal ranges of which only one can stand.

    A place is six hours: 2 or 3 hours that start at 01:30, 02:00, 02:30 or 03:00 overlap each
    other, and stay, buffers included, clear of the next place.
    """
    wanted = []
    for place in range(PLACES):
        begins = midnight(7) + timedelta(hours=6 * place)
        for minutes in (90, 120, 150, 180):
            for hours in (2, 3):
                starts_at = begins + timedelta(minutes=minutes)
                wanted.append({"starts_at": starts_at.isoformat(), "duration_hours": hours})
    return wanted


def run_process(site: Site, work: list[tuple[str, dict, str]]) -> list[Answer]:
    """One process of the race: sends its requests, two at a time."""
    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(partial(_book, site), work))


def _book(site: Site, request: tuple[str, dict, str]) -> Answer:
    path, body, token = request
    return site.call("POST", path, body, token=token)


def race(stage, requests: list[tuple[str, dict]]) -> list[Answer]:
    """Let the processes send all requests, in an order of chance; returns every answer."""
    order = random.Random(7)
    work = [(path, body, order.choice(stage.customers)) for path, body in requests]
    order.shuffle(work)
    stage.site.server, server = None, stage.site.server  # a process handle can't be sent
    shares = [work[share::PROCESSES] for share in range(PROCESSES)]
    try:
        with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as processes:
            answers = processes.map(partial(run_process, stage.site), shares)
            return [answer for share in answers for answer in share]
    finally:
        stage.site.server = server


def violations(site: Site) -> int:
    return sum(json.loads(site.manage("verify", "--json"))["violations"].values())


def test_overlapping_ranges_are_sold_once_each(stage):
    ranges = rival_ranges()
    bodies = [{"chef_id": stage.chef, "guests": 2, **wanted} for wanted in ranges]
    answers = race(stage, [("/api/coocook/bookings", body) for body in bodies])
    statuses = Counter(answer.status for answer in answers)
    assert statuses == {201: PLACES, 409: len(ranges) - PLACES}
    assert {a.json()["code"] for a in answers if a.status == 409} == {"slot_taken"}
    assert violations(stage.site) == 0


def test_a_date_is_filled_to_its_last_place(stage):
    day = midnight(9).date().isoformat()
    body = {"chef_id": stage.chef, "guests": 2, "booking_date": day, "duration_hours": 3}
    answers = race(stage, [("/api/coocook/bookings", body)] * 24)
    # Three hours and two buffers of a quarter make 3.5 hours; from midnight, starts lie every half
    # hour, and the last one may run into the next day: 00:00, 03:30, … 21:00.
    statuses = Counter(answer.status for answer in answers)
    assert statuses == {201: 7, 409: 17}
    assert violations(stage.site) == 0


def test_a_chef_who_takes_three_a_day_has_three(stage):
    path = f"/api/coocook/chefs/{stage.chef}/availability"
    hours = stage.site.call("GET", path, token=stage.owner).json() | {"bookings_per_day": 3}
    if_any = {"If-Match": "*"}
    assert stage.site.call("PUT", path, hours, token=stage.owner, headers=if_any).status == 200
    wanted = [
        {"starts_at": (midnight(12 + day) + timedelta(hours=3 * part)).isoformat(), "guests": 1}
        for day in range(4)
        for part in range(7)
    ]
    bodies = [{"chef_id": stage.chef, **body} for body in wanted]
    answers = race(stage, [("/api/coocook/bookings", body) for body in bodies])
    assert Counter(answer.status for answer in answers) == {201: 4 * 3, 409: 4 * 4}
    assert {a.json()["code"] for a in answers if a.status == 409} == {"day_full"}
    assert violations(stage.site) == 0


def test_batches_that_share_one_place_are_all_or_nothing(stage):
    shared = {"chef_id": stage.chef, "starts_at": midnight(8).isoformat(), "guests": 1}
    batches = []
    for number in range(16):
        own = midnight(10) + timedelta(hours=3 * number)
        items = [shared, shared | {"starts_at": own.isoformat()}]
        batches.append({"bookings": items if number % 2 else items[::-1]})
    path = "/api/platform/batch-create-bookings"
    answers = race(stage, [(path, body) for body in batches])
    statuses = Counter(answer.status for answer in answers)
    assert statuses == {201: 1, 409: 15}
    listed = [
        row
        for token in stage.customers
        for row in stage.site.call("GET", "/api/coocook/bookings", token=token).json()["results"]
    ]
    assert len(listed) == 2
    assert violations(stage.site) == 0


def test_one_of_many_deciders_wins(stage):
    body = {"chef_id": stage.chef, "starts_at": midnight(8).isoformat(), "guests": 1}
    customer = stage.customers[0]
    booking = stage.site.call("POST", "/api/coocook/bookings", body, token=customer).json()["id"]
    path = f"/api/coocook/bookings/{booking}"
    decisions = [(f"{path}/confirm", stage.owner), (f"{path}/decline", stage.owner)] * 12
    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(lambda d: stage.site.call("POST", d[0], {}, token=d[1]), decisions)
        )
    assert Counter(answer.status for answer in answers) == {200: 1, 409: 23}
    assert violations(stage.site) == 0
