"""A place opens while clocks and workers all look: one of those in line gets it."""

from concurrent.futures import ThreadPoolExecutor

from tests.faults.test_booking_races import midnight, violations
from tests.open_chefs import AVAILABILITY

CLOCKS = 4


def test_one_place_is_offered_once(stage):
    day = midnight(7).date()
    rule = {"weekday": day.weekday(), "starts_at": "12:00", "ends_at": "14:00"}
    hours = AVAILABILITY | {"rules": [rule]}
    path, headers = f"/api/coocook/chefs/{stage.chef}/availability", {"If-Match": "*"}
    put = stage.site.call("PUT", path, hours, token=stage.owner, headers=headers)
    assert put.status == 200, put.body
    first, *others = stage.customers
    wanted = {"chef_id": stage.chef, "booking_date": day.isoformat(), "guests": 1}
    booked = stage.site.call("POST", "/api/coocook/bookings", wanted, token=first)
    assert booked.status == 201, booked.body
    wish = {"chef_id": stage.chef, "date": day.isoformat()}
    for token in others:
        assert stage.site.call("POST", "/api/coocook/waitlist", wish, token=token).status == 201

    pk = booked.json()["id"]
    cancelled = stage.site.call("POST", f"/api/coocook/bookings/{pk}/cancel", {}, token=first)
    assert cancelled.status == 200, cancelled.body
    commands = [("run_due",)] * CLOCKS + [("db_worker", "--batch")] * 2
    with ThreadPoolExecutor(len(commands)) as threads:
        list(threads.map(lambda command: stage.site.manage(*command), commands))

    rows = [
        stage.site.call("GET", "/api/coocook/waitlist", token=token).json()["results"][0]
        for token in others
    ]
    assert [row["status"] for row in rows] == ["offered"] + ["waiting"] * (len(others) - 1)
    assert [row["place"] for row in rows] == list(range(len(others)))
    assert violations(stage.site) == 0
