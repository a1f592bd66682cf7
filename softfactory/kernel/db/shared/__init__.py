"""Copies of the generations' numbers outside of the database, to know at once what still holds.

The rows decide; a copy saves asking them. The workers of one machine share a mapped file, machines
share Redis if there is one. A copy is good for FRESH_SECONDS, then the row is read again.

A writer marks its generations before COMMIT and settles them after it, before the write is
acknowledged. What is marked, missing or old is not known, and whoever wants to know reads the row:
so a writer that is killed in between leaves nobody with a number that is no longer true.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Protocol

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

FRESH_SECONDS = 5

#: Tells whether the numbers that something was made at still hold; False when it can't be known.
type Watch = Callable[[], bool]


class SharedNumbers(Protocol):
    """The copies, wherever they are. Nothing here raises: what can't be told is not known."""

    def watch(self, numbers: Mapping[str, int]) -> Watch:
        """Return what tells, as cheaply as can be, whether all of these numbers still hold."""

    def known(self, names: Iterable[str]) -> Mapping[str, int] | None:
        """Return the number of each of these generations; None unless all of them are known."""

    def learn(self, numbers: Mapping[str, int], asked: float) -> None:
        """Copy what the rows said to a query that began at `asked`, by `time.monotonic`."""

    def refresh(self, numbers: Mapping[str, int], asked: float) -> None:
        """As `learn`, but make no room for a key that has none: a stranger may have made it up."""

    def remember(self, numbers: Mapping[str, int], asked: float) -> None:
        """Make room for those keys after all: what they were asked for exists."""

    def mark(self, numbers: Mapping[str, int]) -> "Mark":
        """Say that these numbers are about to be committed; the rows are locked by now."""

    def forget(self) -> None:
        """Know nothing any more: rows were changed by others than writers who say so."""


class Mark(Protocol):
    """A writer's word that it is about to commit."""

    def settle(self) -> None:
        """Say that it has."""


def shared_numbers() -> SharedNumbers:
    """Return the copies of the database that is written.

    Host and port are not part of its name: one process may reach it by a pool, another one not.
    """
    return _copies_of(str(connections[DEFAULT_DB_ALIAS].settings_dict["NAME"]))


@cache
def _copies_of(database: str) -> SharedNumbers:
    if settings.REDIS_URL:
        from softfactory.kernel.db.shared.remote import RemoteNumbers

        return RemoteNumbers(database)
    from softfactory.kernel.db.shared.mapped import MappedNumbers

    return MappedNumbers(settings.VAR_DIR / "generations", database)
