"""People who use the site without a pause, and know what it has to answer.

A wrong answer contradicts what was acknowledged: a booking or an edit that is not shown, somebody
else's rows, a time that is sold twice. An error is an answer that did not come, or came as 5xx:
whether the request had its effect is open then, and either is right afterwards.
"""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from tests.cluster.parts import Cluster
from tests.site import Answer

BOOKINGS = "/api/coocook/bookings"
CHEFS = "/api/coocook/chefs"
# Of nobody, by way of nginx: answered by whichever machine, and not from what nginx keeps a second.
ANONYMOUS = {"Accept-Encoding": "identity;q=1"}
PAUSE = 0.02  # seconds between two rounds of one person

_numbers = count()


class Tally:
    """How much was asked, what failed, and what was wrong."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.errors: Counter[tuple[str, int]] = Counter()
        self.wrong: list[str] = []
        self._lock = threading.Lock()

    def count(self, what: str, answer: Answer) -> bool:
        """Count this answer; tell whether it is one."""
        failed = answer.status == 0 or answer.status >= 500
        with self._lock:
            self.asked[what] += 1
            if failed:
                self.errors[what, answer.status] += 1
        return not failed

    def demand(self, is_right: bool, otherwise: str) -> None:
        if not is_right:
            with self._lock:
                self.wrong.append(otherwise)

    def __str__(self) -> str:
        errors = ", ".join(
            f"{number} × {status or 'broken'} ({what})"
            for (what, status), number in sorted(self.errors.items())
        )
        return (
            f"{self.asked.total()} requests, {len(self.wrong)} wrong answers,"
            f" {self.errors.total()} errors{': ' + errors if errors else ''}"
        )


class Person:
    """Somebody with a token, who counts what happens."""

    def __init__(self, cluster: Cluster, user: dict[str, Any], tally: Tally) -> None:
        self.cluster = cluster
        self.user = user
        self.tally = tally

    def ask(self, what: str, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Ask by way of nginx; what did not succeed is counted and comes back all the same."""
        answer = self.cluster.call(
            method, path, body, token=self.user["token"], headers=headers or None
        )
        self.tally.count(what, answer)
        return answer

    def look(self, what: str, path: str) -> Answer:
        """Read what is public, as nobody."""
        answer = self.cluster.call("GET", path, headers=ANONYMOUS)
        self.tally.count(what, answer)
        return answer


class Booker(Person):
    """Books free time, looks for the booking, and lets a rival try for the same time."""

    def __init__(
        self, cluster: Cluster, user: dict, tally: Tally, *, rival: "Person", starts: Iterator[dict]
    ) -> None:
        super().__init__(cluster, user, tally)
        self.rival = rival
        self.starts = starts

    def once(self) -> None:
        wanted = next(self.starts)
        key = {"Idempotency-Key": str(uuid.uuid4())}
        made = self.ask("book", "POST", BOOKINGS, wanted, **key)
        if made.status != 201:
            return
        booking = made.json()["id"]
        own = self.ask("own bookings", "GET", f"{BOOKINGS}?limit=100")
        if own.status == 200:
            rows = own.json()["results"]
            self.tally.demand(
                booking in [row["id"] for row in rows], f"booking {booking} is not in the own list"
            )
            self.tally.demand(
                {row["customer_id"] for row in rows} == {self.user["id"]}, "another's booking shown"
            )
        self._look_at_times(wanted, booking)
        second = self.rival.ask("book what is taken", "POST", BOOKINGS, wanted)
        self.tally.demand(second.status != 201, f"{wanted} is sold twice")

    def _look_at_times(self, wanted: dict, booking: int) -> None:
        day = wanted["starts_at"][:10]
        chef = wanted["chef_id"]
        times = self.look("free times", f"{CHEFS}/{chef}/slots?from={day}&to={day}")
        if times.status == 200:
            offered = {slot["starts_at"][:16] for slot in times.json()["slots"]}
            self.tally.demand(
                wanted["starts_at"][:16] not in offered, f"the time of booking {booking} is offered"
            )


class Editor(Person):
    """Edits one chef, and reads it where everybody does."""

    def __init__(self, cluster: Cluster, user: dict, tally: Tally, *, chef: int) -> None:
        super().__init__(cluster, user, tally)
        self.chef = chef

    def once(self) -> None:
        bio = f"edition {next(_numbers)}."
        path = f"{CHEFS}/{self.chef}"
        edited = self.ask("edit", "PATCH", path, {"bio": bio}, **{"If-Match": "*"})
        if edited.status != 200:
            return
        one = self.look("chef", path)
        if one.status == 200:
            self.tally.demand(one.json()["bio"] == bio, f"chef {self.chef} is shown without {bio}")
        page = self.look("page", f"/coocook/chefs/{self.chef}")
        if page.status == 200:
            self.tally.demand(bio in page.body.decode(), f"the page is shown without {bio}")
        every = self.look("chefs", f"{CHEFS}?limit=100")
        if every.status == 200:
            bios = {row["id"]: row["bio"] for row in every.json()["results"]}
            self.tally.demand(bios[self.chef] == bio, f"the list is shown without {bio}")


class Caller(Person):
    """Asks who one is."""

    def once(self) -> None:
        me = self.ask("me", "GET", "/api/auth/me")
        if me.status == 200:
            self.tally.demand(me.json()["id"] == self.user["id"], "another user's account shown")


def cast(cluster: Cluster, tally: Tally) -> list[Any]:
    """Return people who do not stand in each other's way: each has a time and a chef of its own."""
    first, second, third, *rivals = cluster.customers
    bookers = [
        Booker(cluster, user, tally, rival=Person(cluster, rivals[n], tally), starts=starts)
        for n, (user, starts) in enumerate(zip((first, second), cluster.free, strict=True))
    ]
    editors = [Editor(cluster, cluster.owner, tally, chef=chef) for chef in cluster.edited]
    return [*bookers, *editors, Caller(cluster, third, tally)]


@contextmanager
def busy(cluster: Cluster, tally: Tally) -> Iterator[Callable[[float], None]]:
    """Let people use the site inside; yields `go_on(seconds)`, which lets them."""
    is_over = threading.Event()

    def live(person: Any) -> None:
        try:
            while not is_over.wait(PAUSE):
                person.once()
        except Exception as error:
            tally.demand(False, f"{type(person).__name__}: {error!r}")

    threads = [threading.Thread(target=live, args=(person,)) for person in cast(cluster, tally)]
    for thread in threads:
        thread.start()
    try:
        yield time.sleep
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
