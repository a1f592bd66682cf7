"""Which database a query goes to, where DATABASE_REPLICA_URL names a replica.

Everything goes to the primary, except what a cached read is made from, and that only while the
replica has caught up with the very generations that the answer will be kept under. So whoever
wrote reads it everywhere: their own pages are made from the primary, and public ones from what is
as new as their write.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections, models

from softfactory.kernel.breaker import Breaker
from softfactory.kernel.db import generations

REPLICA = "replica"
AWAY = (DatabaseError, InterfaceError)

#: Each look for a replica that is away costs somebody up to two seconds: few look.
breaker = Breaker("The replica", AWAY, pause=5.0)

_reads_from: ContextVar[str] = ContextVar("reads_from", default=DEFAULT_DB_ALIAS)


def read_at[Answer](numbers: Mapping[str, int], make: Callable[[], Answer]) -> Answer:
    """Return what `make` makes, from the replica if there is one and its generations are these.

    If the replica is lost meanwhile, it is made once more, from the primary.
    """
    if not _replica_is_at(numbers):
        return make()
    try:
        with _reading_from_replica():
            return make()
    except AWAY as error:
        breaker.note_failure(error)
    return make()


@contextmanager
def _reading_from_replica() -> Iterator[None]:
    token = _reads_from.set(REPLICA)
    try:
        yield
    finally:
        _reads_from.reset(token)


def _replica_is_at(numbers: Mapping[str, int]) -> bool:
    if REPLICA not in connections:
        return False
    try:
        return breaker.call(generations.read, numbers, using=REPLICA) == numbers
    except AWAY:
        return False


class ReplicaRouter:
    """Reads go where `read_at` says, writes and migrations to the primary."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        return _reads_from.get()

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool:
        return True  # both hold the same rows

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db != REPLICA
