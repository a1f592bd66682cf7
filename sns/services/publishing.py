"""The publishing engine: whatever is due is sent by a bounded number of threads, out of one task.

Any number of workers and machines run it at once: claims keep them apart. On an account one thing
is sent at a time, on a server a few, so that a slow or dead one delays its own posts alone.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

from sns.models import Publication
from sns.networks.protocol import LONGEST
from sns.services import claiming, sending
from sns.services.sending import Asked
from softfactory.kernel.nudges import nudge

AT_ONCE = 32  # threads
OF_EACH = 8  # of them on one server
# A server that has not answered for so long is asked for nothing more until it has.
SLOW = 5.0  # seconds
# For so long a round goes on claiming, others wait for their turn behind it; and on, for as long as
# somebody slow keeps it here anyway.
PATIENCE = timedelta(seconds=20)
POLL = timedelta(seconds=0.5)

logger = logging.getLogger(__name__)


def publish_due(now: datetime) -> int:
    """Send and look for whatever is due; return how many publications are there by that."""
    begun = time.monotonic()
    claiming.recover(now)
    claiming.give_up_late(now)
    return _Round(lambda: now + timedelta(seconds=time.monotonic() - begun)).run()


class _Round:
    """One round: what is being asked, what could be next. The threads ask the database nothing."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._ends_at = now() + PATIENCE
        self._asking: dict[Future[Asked], Asked] = {}
        self._candidates: list[Publication] = []
        self._look_at = now()
        self._published = 0

    def run(self) -> int:
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="publishing") as threads:
            while True:
                self._claim(threads)
                if not self._asking:
                    break
                self._settle()
        if self._now() >= self._ends_at and claiming.candidates(self._now()):
            nudge("sns.publish", 0, can_wait=True)  # there is more
        return self._published

    def _claim(self, threads: ThreadPoolExecutor) -> None:
        """Fill the free threads with what is due, until nothing is, or time is up."""
        while len(self._asking) < AT_ONCE and self._may_go_on():
            publication = self._next()
            if publication is None:
                return
            if (asked := self._begin(publication)) is not None:
                self._asking[threads.submit(sending.ask, asked)] = asked

    def _may_go_on(self) -> bool:
        until = self._ends_at + (LONGEST if self._asking else timedelta())
        return self._now() < until

    def _next(self) -> Publication | None:
        """Return what is the longest due where nobody is busy. Looks anew once all that was found
        is gone, or now and then if the rest of it waits for somebody busy.
        """
        busy = self._busy()
        now = self._now()
        if not self._candidates or (
            now >= self._look_at and all(one.account.server in busy for one in self._candidates)
        ):
            self._candidates = claiming.candidates(now, without=busy)
            self._look_at = now + POLL
        for place, publication in enumerate(self._candidates):
            if publication.account.server not in busy:
                return self._candidates.pop(place)
        return None

    def _busy(self) -> set[str]:
        """Servers that are to be left alone, until they have answered something."""
        asked = Counter(asked.server for asked in self._asking.values())
        full = {server for server, count in asked.items() if count >= OF_EACH}
        since = time.monotonic() - SLOW
        return full | {asked.server for asked in self._asking.values() if asked.begun < since}

    def _begin(self, publication: Publication) -> Asked | None:
        now = self._now()
        try:
            if claiming.claim(publication, now=now):
                return sending.begin(publication, now=now)
        except Exception:  # of this one; its lease ends, and somebody takes it up
            logger.exception("Publication %s could not be begun", publication.pk)
        return None

    def _settle(self) -> None:
        """Record what was answered by now. Soon somebody else may be due."""
        done, _waiting = wait(
            self._asking, timeout=POLL.total_seconds(), return_when=FIRST_COMPLETED
        )
        for future in done:
            del self._asking[future]
            asked = future.result()
            try:
                self._published += sending.settle(asked, now=self._now())
            except Exception:  # of this one; its lease ends, and the network is asked
                logger.exception("Publication %s could not be settled", asked.publication.pk)
