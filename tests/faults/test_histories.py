"""Histories: what many did at once is what they could have done one after the other.

Clients ask, decide, move and cancel at random, and note when they sent what and when which answer
came. Some visits are a way off, and the chef takes so many a day and no more. A simple model then
looks for a contradiction: two bookings that had the same time, the ways there and back included, a
day with more than it takes, a refusal that nobody was the reason of, a booking that went a way
which there is not, or one that is now in another state than its last acknowledged change left it
in.

`HISTORY_OPERATIONS` says how many operations there are (2,000 for a full run).
"""

import os
import random
import time
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from typing import Any, NamedTuple

from tests.faults.test_booking_races import midnight, run_process, violations
from tests.site import Site

OPERATIONS = int(os.environ.get("HISTORY_OPERATIONS", "240"))
CLIENTS, PROCESSES, DECISIONS = 16, 4, 50
DAYS, PLACES = 3, 12  # a place is two hours: with its buffers a visit is in the way of the next
BUFFER = timedelta(minutes=15)
A_DAY = 4  # bookings that the chef takes, where places are for five or six
# A quarter of a degree on the equator is 27.8 km: half an hour at 60 km/h.
TRAVEL = {"latitude": 0, "longitude": 0, "speed_kmh": 60, "most_km": None}
AWAY, WAY = {"latitude": 0, "longitude": 0.25}, 30

#: From which states each decision leads where, and who may take it.
MOVES = {
    "confirm": ({"pending"}, "confirmed"),
    "decline": ({"pending"}, "declined"),
    "cancel": ({"pending", "confirmed"}, "cancelled"),
}
OFF = {"declined", "cancelled"}


class Done(NamedTuple):
    """One operation: sent, answered, and by what."""

    kind: str
    booking: int  # 0 where none was made
    sent: float
    answered: float
    status: int
    starts_at: str = ""
    way: int = 0  # minutes
    code: str = ""  # of a refusal

    @property
    def is_taken(self) -> bool:
        return self.status in (200, 201)

    @property
    def visit(self) -> "Visit":
        """What was asked for."""
        return Visit(datetime.fromisoformat(self.starts_at), self.way)


class Visit(NamedTuple):
    """Two hours from a start on, with the buffer on either side, and the way there and back."""

    starts_at: datetime
    way: int

    def meets(self, other: "Visit") -> bool:
        """Tell whether the two want the same time."""
        ways = timedelta(minutes=self.way + other.way)
        return abs(self.starts_at - other.starts_at) < timedelta(hours=2) + 2 * BUFFER + ways


class Stint(NamedTuple):
    """A time that a booking had: from which operation on, and until which."""

    booking: int
    visit: Visit
    began: Done
    ended: Done | None

    def may_have_been(self, done: Done) -> bool:
        """Tell whether it may have stood while another operation was under way."""
        is_begun = self.began.sent < done.answered
        return is_begun and (self.ended is None or self.ended.answered > done.sent)

    def is_before(self, other: "Stint") -> bool:
        """Tell whether it may have been over when the other began."""
        return self.ended is not None and self.ended.sent < other.began.answered


def act(site: Site, chef: int, owner: str, customer: str, seed: int, count: int) -> list[Done]:
    """One client: some operations of its own, about its own bookings, as customer and owner."""
    chance = random.Random(seed)
    own: dict[int, int] = {}  # how far each is
    done = []
    for _step in range(count):
        kind = chance.choice(["book", "book", "confirm", "decline", "cancel", "reschedule"])
        starts_at = midnight(7 + chance.randrange(DAYS)) + timedelta(
            hours=2 * chance.randrange(PLACES)
        )
        if kind == "book" or not own:
            way = chance.choice([0, 0, WAY])
            body: dict[str, Any] = {"chef_id": chef, "starts_at": starts_at.isoformat()}
            body |= AWAY if way else {}
            path, token, booking, kind = "/api/coocook/bookings", customer, 0, "book"
        else:
            booking, way = chance.choice(list(own.items()))
            path = f"/api/coocook/bookings/{booking}/{kind}"
            token = owner if kind in ("confirm", "decline") else customer
            body = {"starts_at": starts_at.isoformat()} if kind == "reschedule" else {}
        sent = time.monotonic()
        answer = site.call("POST", path, body, token=token)
        shown = answer.json()
        if kind == "book" and answer.status == 201:
            booking = shown["id"]
            own[booking] = way
            assert shown["travel_minutes"] == way
        at = starts_at.isoformat() if kind in ("book", "reschedule") else ""
        known = (sent, time.monotonic(), answer.status, at, way, shown.get("code", ""))
        done.append(Done(kind, booking, *known))
    return done


def stints_of(history: list[Done]) -> list[Stint]:
    """Return which times the bookings had."""
    times: dict[int, list[Stint]] = defaultdict(list)
    for done in sorted(history, key=lambda done: done.answered):
        if not done.is_taken:
            continue
        mine = times[done.booking]
        if done.kind in ("book", "reschedule"):
            if mine:
                mine[-1] = mine[-1]._replace(ended=done)
            mine.append(Stint(done.booking, done.visit, done, None))
        elif MOVES[done.kind][1] in OFF and mine:
            mine[-1] = mine[-1]._replace(ended=done)
    return [stint for stints in times.values() for stint in stints]


def assert_days_are_not_overfull(stints: list[Stint]) -> None:
    """No day had more bookings than the chef takes, of those that certainly stood."""
    turns: dict[Any, list[tuple[float, int]]] = defaultdict(list)
    for stint in stints:
        begins = stint.began.answered
        ends = stint.ended.sent if stint.ended else float("inf")
        if begins < ends:
            turns[stint.visit.starts_at.date()] += [(begins, 1), (ends, -1)]
    for day, of_day in turns.items():
        standing = 0
        for _at, change in sorted(of_day):
            standing += change
            assert standing <= A_DAY, day


def has_reason(done: Done, stints: list[Stint]) -> bool:
    """Tell whether others may have been the reason why this was refused."""
    visit = done.visit
    others = [row for row in stints if row.booking != done.booking and row.may_have_been(done)]
    if done.code == "slot_taken":
        return any(visit.meets(row.visit) for row in others)
    if done.code == "day_full":
        day = visit.starts_at.date()
        return len({row.booking for row in others if row.visit.starts_at.date() == day}) >= A_DAY
    return done.kind == "reschedule" and done.code == "wrong_state"


def limit(stage) -> None:
    """Let the chef take so many bookings a day, and count the way to them."""
    path = f"/api/coocook/chefs/{stage.chef}/availability"
    hours = stage.site.call("GET", path, token=stage.owner).json()
    hours |= {"bookings_per_day": A_DAY, "travel": TRAVEL}
    put = stage.site.call("PUT", path, hours, token=stage.owner, headers={"If-Match": "*"})
    assert put.status == 200, put.body


def test_no_two_had_the_same_time_and_every_refusal_had_its_reason(stage):
    limit(stage)
    each = max(OPERATIONS // CLIENTS, 1)
    with ThreadPoolExecutor(CLIENTS) as clients:
        runs = [
            clients.submit(
                act,
                stage.site,
                stage.chef,
                stage.owner,
                stage.customers[number % len(stage.customers)],
                number,
                each,
            )
            for number in range(CLIENTS)
        ]
        history = [done for run in runs for done in run.result()]
    statuses = Counter((done.kind, done.status) for done in history)
    assert {status for _kind, status in statuses} <= {200, 201, 409, 422}, statuses
    assert statuses["book", 201] > 0 < statuses["book", 409]

    stints = stints_of(history)
    for number, stint in enumerate(stints):
        for other in stints[number + 1 :]:
            if stint.booking != other.booking and stint.visit.meets(other.visit):
                assert stint.is_before(other) or other.is_before(stint), (stint, other)
    assert_days_are_not_overfull(stints)

    refused = [done for done in history if done.starts_at and done.status == 409]
    assert {"slot_taken", "day_full"} <= {done.code for done in refused}
    assert [done for done in refused if not has_reason(done, stints)] == []

    assert_states(stage, history)
    assert violations(stage.site) == 0


def assert_states(stage, history: list[Done]) -> None:
    """Each booking went a way that there is, and is where that way ends."""
    of_booking = defaultdict(list)
    for done in history:
        if done.booking and done.is_taken:
            of_booking[done.booking].append(done)
    for booking, steps in of_booking.items():
        state, kinds = "pending", Counter(done.kind for done in steps)
        assert kinds["decline"] + kinds["cancel"] <= 1, (booking, kinds)
        for done in sorted(steps, key=lambda done: done.answered):
            if done.kind == "reschedule":
                state = "pending"  # by the customer: the chef is asked anew
            elif done.kind != "book":
                known, state_then = MOVES[done.kind]
                assert state in known, (booking, kinds)
                state = state_then
        shown = stage.site.call("GET", f"/api/coocook/bookings/{booking}", token=stage.owner).json()
        last = [done.starts_at for done in steps if done.starts_at][-1]
        assert (shown["status"], datetime.fromisoformat(shown["starts_at"])) == (
            state,
            datetime.fromisoformat(last),
        )


def test_of_fifty_decisions_about_one_request_one_wins(stage):
    """A confirmed booking can still be cancelled, which is a second turn; nothing else is."""
    for day in range(3):
        body = {"chef_id": stage.chef, "starts_at": midnight(8 + day).isoformat(), "guests": 1}
        customer = stage.customers[0]
        made = stage.site.call("POST", "/api/coocook/bookings", body, token=customer)
        path = f"/api/coocook/bookings/{made.json()['id']}"
        kinds = ["confirm", "decline", "cancel"] * DECISIONS
        work = [
            (f"{path}/{kind}", {}, customer if kind == "cancel" else stage.owner)
            for kind in kinds[:DECISIONS]
        ]
        random.Random(day).shuffle(work)
        stage.site.server, server = None, stage.site.server  # a process handle can't be sent
        shares = [work[share::PROCESSES] for share in range(PROCESSES)]
        try:
            with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as processes:
                runs = processes.map(partial(run_process, stage.site), shares)
                answers = [answer for run in runs for answer in run]
        finally:
            stage.site.server = server
        asked = [request for share in shares for request in share]
        won = Counter(
            path.rpartition("/")[2]
            for (path, _body, _token), answer in zip(asked, answers, strict=True)
            if answer.status == 200
        )
        assert won in ({"decline": 1}, {"cancel": 1}, {"confirm": 1, "cancel": 1})
        assert Counter(answer.status for answer in answers) == {
            200: won.total(),
            409: DECISIONS - won.total(),
        }
        state = stage.site.call("GET", path, token=customer).json()["status"]
        assert state == ("declined" if "decline" in won else "cancelled")
    assert violations(stage.site) == 0
