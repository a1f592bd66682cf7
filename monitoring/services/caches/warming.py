"""Warming: the site is asked for its public pages as visitors ask for them, before they come.

Each web process keeps answers of its own, so each is asked. What is asked for has the host, the
scheme, the languages and the encodings of visitors, since all of these belong to an answer's key.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from django.conf import settings
from django.db import connections
from django.urls import reverse
from django.utils.translation import override

from bookings.models import Chef
from monitoring.gateways.workers import Visit, Within, Worker, others
from subscriptions.models import Product

#: What browsers prefer by https, and by http.
ENCODINGS = ("br", "gzip")
CHEFS = 20  # those that joined last, whom the lists show first

type Tell = Callable[[int, int], None]


class Warmed(NamedTuple):
    """How many answers are ready now, in each of so many processes."""

    items: int
    processes: int


def warm(*, chefs: int = CHEFS, tell: Tell = lambda done, total: None) -> Warmed:
    """Ask every web process of this machine for the lists, and for the pages of so many chefs.

    `tell` hears how many of how many were asked for.
    """
    workers = list(others())
    return _warmed(workers, chefs, tell) if workers else Warmed(0, 0)


def warm_from_within(*, chefs: int = CHEFS) -> Warmed:
    """Let a web process do so for itself and the others."""
    return _warmed([Within(), *others()], chefs, lambda done, total: None)


def _warmed(workers: list[Worker], chefs: int, tell: Tell) -> Warmed:
    asked = list(visits(chefs))
    total, done, lock = len(asked) * len(workers), 0, threading.Lock()

    def ask_all(worker: Worker) -> set[Visit]:
        nonlocal done
        answered = set()
        try:
            for visit in asked:
                if worker.ask(visit) == 200:
                    answered.add(visit)
                with lock:
                    done += 1
                    tell(done, total)
        finally:
            connections.close_all()  # of this thread, where a process asked itself
        return answered

    with ThreadPoolExecutor(len(workers)) as threads:
        found = list(threads.map(ask_all, workers))
    return Warmed(len(set.intersection(*found)), len(workers))


def visits(chefs: int) -> Iterator[Visit]:
    """Yield what is asked for, the most asked for first."""
    newest = Chef.objects.active().newest_first().values_list("pk", flat=True)[:chefs]
    slugs = Product.objects.visible_to(None).values_list("slug", flat=True)
    for path in _addresses(list(newest), list(slugs)):
        for encoding in ENCODINGS:
            yield Visit(path, encoding, is_part="/fragments/" in path)


def _addresses(chefs: list[int], slugs: list[str]) -> Iterator[str]:
    yield from _pages("home")
    yield from _pages("bookings:free_this_week")
    yield from _pages("bookings:explore")
    yield from _pages("subscriptions:pricing")
    yield reverse("api:chef-list")
    yield reverse("api:product-list")
    yield from (reverse("api:product-detail", args=[slug]) for slug in slugs)
    for pk in chefs:
        yield from _pages("bookings:chef", pk)
        yield reverse("api:chef-detail", args=[pk])
        yield reverse("api:chef-calendar-slots", args=[pk])


def _pages(name: str, *args: int) -> Iterator[str]:
    for language, _name in settings.LANGUAGES:
        with override(language):
            yield reverse(name, args=args)
