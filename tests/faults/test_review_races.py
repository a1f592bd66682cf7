"""Both sides of a booking review it in the same instant: each is kept once, and both are shown."""

import random
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from functools import partial
from multiprocessing import get_context

from tests.faults.test_booking_races import PROCESSES, midnight, run_process, violations

BOOKINGS = 10
# Completed, without waiting until it is over: by hand, as nobody may.
COMPLETE = """
from bookings.models import Booking, Occupancy
from softfactory.kernel import clock
Booking.objects.update(status="completed", decided_at=clock.now())
Occupancy.objects.all().delete()
"""


def completed(stage) -> list[tuple[str, str]]:
    """Return the addresses of completed bookings, each with its customer."""
    made = []
    for number in range(BOOKINGS):
        customer = stage.customers[number % len(stage.customers)]
        starts_at = midnight(7) + timedelta(hours=4 * number)
        body = {"chef_id": stage.chef, "starts_at": starts_at.isoformat(), "guests": 1}
        answer = stage.site.call("POST", "/api/coocook/bookings", body, token=customer)
        made.append((f"/api/coocook/bookings/{answer.json()['id']}", customer))
    stage.site.manage("shell", "-c", COMPLETE)
    return made


def at_once(stage, work):
    """Send all of it from several processes, in an order of chance; returns it with its answers."""
    random.Random(11).shuffle(work)
    shares = [work[share::PROCESSES] for share in range(PROCESSES)]
    stage.site.server, server = None, stage.site.server  # a process handle can't be sent
    try:
        with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as processes:
            runs = processes.map(partial(run_process, stage.site), shares)
            answers = [answer for run in runs for answer in run]
    finally:
        stage.site.server = server
    return zip([request for share in shares for request in share], answers, strict=True)


def test_each_side_is_kept_once_and_both_are_shown_when_both_are_there(stage):
    bookings = completed(stage)
    both, one_sided = bookings[: BOOKINGS * 2 // 3], bookings[BOOKINGS * 2 // 3 :]
    work = []
    for path, customer in both:
        for stars in (2, 4):  # the same side twice, who changed their mind
            said = {"rating": stars, "text": f"{stars} stars."}
            work += [(f"{path}/review", said, customer), (f"{path}/review", said, stage.owner)]
    for path, customer in one_sided:
        work += [(f"{path}/review", {"rating": stars}, customer) for stars in (1, 5)]

    statuses, codes = defaultdict(Counter), set()
    kept = {}
    for (path, _said, who), answer in at_once(stage, work):
        statuses[path, who][answer.status] += 1
        if answer.status == 201:
            kept[path.removesuffix("/review"), who] = answer.json()["rating"]
        else:
            codes.add(answer.json()["code"])

    assert {tuple(sorted(counts.items())) for counts in statuses.values()} == {((201, 1), (409, 1))}
    assert codes == {"already_reviewed"}
    for path, customer in both:
        for reader in (customer, stage.owner):
            shown = stage.site.call("GET", f"{path}/reviews", token=reader).json()
            assert shown["of_chef"]["rating"] == kept[path, customer]
            assert shown["of_guest"]["rating"] == kept[path, stage.owner]
            published = {said["published_at"] for said in shown.values()}
            assert len(published) == 1
            assert None not in published
    for path, customer in one_sided:
        mine = stage.site.call("GET", f"{path}/reviews", token=customer).json()
        theirs = stage.site.call("GET", f"{path}/reviews", token=stage.owner).json()
        assert mine["of_chef"]["published_at"] is None
        assert theirs == {"of_chef": None, "of_guest": None}
    chef = stage.site.call("GET", f"/api/coocook/chefs/{stage.chef}").json()
    assert chef["review_count"] == len(both)
    assert violations(stage.site) == 0
