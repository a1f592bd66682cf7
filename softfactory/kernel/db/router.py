"""Which database a query goes to, where DATABASE_REPLICA_URL names a replica.

Everything goes to the primary, except what a cached read is made from, and that only while the
replica has caught up with the very generations that the answer will be kept under.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, models

from softfactory.kernel.db import generations

REPLICA = "replica"

logger = logging.getLogger(__name__)

_reads_from: ContextVar[str] = ContextVar("reads_from", default=DEFAULT_DB_ALIAS)


@contextmanager
def reading_at(numbers: Mapping[str, int]) -> Iterator[None]:
    """Let the reads inside go to the replica, if there is one and its generations are these."""
    token = _reads_from.set(REPLICA if _replica_is_at(numbers) else DEFAULT_DB_ALIAS)
    try:
        yield
    finally:
        _reads_from.reset(token)


def _replica_is_at(numbers: Mapping[str, int]) -> bool:
    if REPLICA not in connections:
        return False
    try:
        return generations.read(numbers, using=REPLICA) == numbers
    except DatabaseError:
        logger.warning("The replica does not answer; the primary does", exc_info=True)
        return False


class ReplicaRouter:
    """Reads go where `reading_at` says, writes and migrations to the primary."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        return _reads_from.get()

    def db_for_write(self, model: type[models.Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: models.Model, other: models.Model, **hints: Any) -> bool:
        return True  # both hold the same rows

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db != REPLICA
