"""Histories: what many did at once is what they could have done one after the other.

Clients ask, decide, move and cancel at random, and note when they sent what and when which answer
came. A simple model then looks for a contradiction: two bookings that had the same time, a refusal
that nobody was the reason of, a booking that went a way which there is not, or one that is now in
another state than its last acknowledged change left it in.

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

    @property
    def is_taken(self) -> bool:
        return self.status in (200, 201)


def act(site: Site, chef: int, owner: str, customer: str, seed: int, count: int) -> list[Done]:
    """One client: some operations of its own, about its own bookings, as customer and owner."""
    chance = random.Random(seed)
    own: list[int] = []
    done = []
    for _step in range(count):
        kind = chance.choice(["book", "book", "confirm", "decline", "cancel", "reschedule"])
        starts_at = midnight(7 + chance.randrange(DAYS)) + timedelta(
            hours=2 * chance.randrange(PLACES)
        )
        if kind == "book" or not own:
            body: dict[str, Any] = {"chef_id": chef, "starts_at": starts_at.isoformat()}
            path, token, booking, kind = "/api/coocook/bookings", customer, 0, "book"
        else:
            booking = chance.choice(own)
            path = f"/api/coocook/bookings/{booking}/{kind}"
            token = owner if kind in ("confirm", "decline") else customer
            body = {"starts_at": starts_at.isoformat()} if kind == "reschedule" else {}
        sent = time.monotonic()
        answer = site.call("POST", path, body, token=token)
        shown = answer.json()
        if kind == "book" and answer.status == 201:
            booking = shown["id"]
            own.append(booking)
        at = starts_at.isoformat() if kind in ("book", "reschedule") else ""
        done.append(Done(kind, booking, sent, time.monotonic(), answer.status, at))
    return done


def held(history: list[Done]) -> dict[int, list[tuple[datetime, Done, Done | None]]]:
    """Return for each booking which times it had: from which operation, and until which."""
    times: dict[int, list[tuple[datetime, Done, Done | None]]] = defaultdict(list)
    for done in sorted(history, key=lambda done: done.answered):
        if not done.is_taken:
            continue
        mine = times[done.booking]
        if done.kind in ("book", "reschedule"):
            if mine:
                mine[-1] = (*mine[-1][:2], done)
            mine.append((datetime.fromisoformat(done.starts_at), done, None))
        elif MOVES[done.kind][1] in OFF and mine:
            mine[-1] = (*mine[-1][:2], done)
    return times


def meet(one: datetime, other: datetime) -> bool:
    """Tell whether two visits of two hours, with a buffer on either side, want the same time."""
    return abs(one - other) < timedelta(hours=2) + 2 * BUFFER


def test_no_two_had_the_same_time_and_every_refusal_had_its_reason(stage):
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

    stints = [
        (booking, at, began, ended)
        for booking, times in held(history).items()
        for at, began, ended in times
    ]
    for number, (booking, at, began, ended) in enumerate(stints):
        for other, its_at, its_began, its_ended in stints[number + 1 :]:
            if booking == other or not meet(at, its_at):
                continue
            is_after = ended is not None and ended.sent < its_began.answered
            is_before = its_ended is not None and its_ended.sent < began.answered
            assert is_after or is_before, (booking, other, at, its_at)

    for done in history:
        if done.kind in ("book", "reschedule") and done.status == 409 and done.starts_at:
            at = datetime.fromisoformat(done.starts_at)
            is_told = done.kind == "reschedule" or any(
                meet(at, its_at)
                and began.sent < done.answered
                and (ended is None or ended.answered > done.sent)
                for _booking, its_at, began, ended in stints
            )
            assert is_told, done

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
