"""Bookings are moved to one place at once, swap places, and are cancelled meanwhile."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from tests.faults.test_booking_races import midnight, violations


def booked(stage, customer, starts_at):
    body = {"chef_id": stage.chef, "starts_at": starts_at.isoformat(), "guests": 1}
    answer = stage.site.call("POST", "/api/coocook/bookings", body, token=customer)
    assert answer.status == 201, answer.body
    return answer.json()["id"]


def at_once(stage, work):
    """Send all of it from eight threads; returns each answer."""

    def send(request):
        path, body, token = request
        return stage.site.call("POST", f"/api/coocook/bookings/{path}", body, token=token)

    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(send, work))


def to(starts_at):
    return {"starts_at": starts_at.isoformat()}


def test_one_of_many_is_moved_to_a_place(stage):
    starts = [midnight(7) + timedelta(hours=4 * n) for n in range(8)]
    mine = [
        (booked(stage, customer, at), customer)
        for at, customer in zip(starts, stage.customers, strict=True)
    ]
    work = [(f"{pk}/reschedule", to(midnight(12)), customer) for pk, customer in mine]

    statuses = Counter(answer.status for answer in at_once(stage, work))

    assert statuses == {200: 1, 409: 7}
    assert violations(stage.site) == 0


def test_neighbours_that_are_moved_about_never_overlap(stage):
    customer, other = stage.customers[:2]
    a = booked(stage, customer, midnight(8))
    b = booked(stage, other, midnight(8) + timedelta(hours=3))
    work = []
    for n in range(24):
        pk, who = ((a, customer), (b, other))[n % 2]
        work.append((f"{pk}/reschedule", to(midnight(8) + timedelta(minutes=30 * (n % 9))), who))

    answers = at_once(stage, work)

    assert {answer.status for answer in answers} <= {200, 409, 422}  # 422: it is there already
    assert any(answer.status == 200 for answer in answers)
    assert violations(stage.site) == 0


def test_what_is_cancelled_meanwhile_takes_no_time(stage):
    customer = stage.customers[0]
    pks = [booked(stage, customer, midnight(9) + timedelta(hours=3 * n)) for n in range(6)]
    work = []
    for n, pk in enumerate(pks):
        place = midnight(14) + timedelta(hours=3 * n)
        work += [(f"{pk}/reschedule", to(place), customer), (f"{pk}/cancel", {}, customer)]

    answers = at_once(stage, work)

    assert {answer.status for answer in answers} <= {200, 409}
    listed = stage.site.call("GET", "/api/coocook/bookings", token=customer).json()["results"]
    assert {row["status"] for row in listed} == {"cancelled"}
    assert json.loads(stage.site.manage("verify", "--json"))["violations"]
    assert violations(stage.site) == 0
