"""Single flight: what several ask for at once is made by one, and the others wait for it."""

import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.core.cache import caches

# As long as one waits for what somebody else makes, before making it oneself.
PATIENCE = 1  # second
POLL_SECONDS = 0.02


class Flights:
    """Those under way in this process, by key, and how many have landed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[str, threading.Event] = {}
        self.landed = 0

    def board(self, key: str) -> tuple[threading.Event, bool]:
        """Return the flight of this key, and whether it begins with whoever asks."""
        mine = threading.Event()
        with self._lock:
            flight = self._under_way.setdefault(key, mine)
        return flight, flight is mine

    def land(self, key: str) -> None:
        """End the flight of this key, and wake all who wait for it."""
        with self._lock:
            self.landed += 1
            flight = self._under_way.pop(key)
        flight.set()


_flights = Flights()


def made_once[T](key: str, *, look: Callable[[], T | None], make: Callable[[], T]) -> T:
    """Return what `look` finds; else what `make` makes, and keeps where `look` looks for it.

    Of all who miss the same key at once, one makes it: in this process, and with Redis on all
    machines. Who waited in vain, since it failed or died, takes too long, or made what is not to
    be kept, makes it too. Nobody waits twice.
    """
    landed = _flights.landed
    if (found := look()) is not None:
        return found
    flight, is_mine = _flights.board(key)
    if not is_mine:
        flight.wait(PATIENCE)
        return _found_or_made(look, make)
    try:
        # Whoever landed after the first look may have brought it.
        if landed != _flights.landed and (found := look()) is not None:
            return found
        return _made_by_one_process(f"flight:{key}", look, make)
    finally:
        _flights.land(key)


def _made_by_one_process[T](key: str, look: Callable[[], T | None], make: Callable[[], T]) -> T:
    if not settings.REDIS_URL:
        return make()
    cache = caches["default"]
    if cache.add(key, 1, timeout=PATIENCE):
        try:
            return _found_or_made(look, make)
        finally:
            cache.delete(key)
    # Somebody else holds it, or Redis is away, and then nothing is held.
    deadline = time.monotonic() + PATIENCE
    while cache.has_key(key) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    return _found_or_made(look, make)


def _found_or_made[T](look: Callable[[], T | None], make: Callable[[], T]) -> T:
    found = look()
    return make() if found is None else found
