"""Transactions that survive losing a race, to the database's own refusal or to another writer."""

from collections.abc import Callable
from functools import wraps

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction

# PostgreSQL: serialization_failure and deadlock_detected. Nothing was written: it may be repeated.
RETRIED = {"40001", "40P01"}
TRIES = 3


class LostRace(Exception):
    """What this was decided on is no more: it is to be decided anew."""


def is_lost_race(error: Exception) -> bool:
    """Tell whether this transaction was given up in favour of another."""
    return isinstance(error, LostRace) or getattr(error.__cause__, "sqlstate", None) in RETRIED


def transactional[**P, R](work: Callable[P, R]) -> Callable[P, R]:
    """Run `work` in one transaction; the outermost one is run again, twice, after a lost race.

    Inside another transaction this is a savepoint, and the outermost `transactional` retries.
    """

    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        is_outermost = not connections[DEFAULT_DB_ALIAS].in_atomic_block
        for _try in range(1, TRIES if is_outermost else 1):
            try:
                with transaction.atomic():
                    return work(*args, **kwargs)
            except (LostRace, OperationalError) as error:
                if not is_lost_race(error):
                    raise
        with transaction.atomic():
            return work(*args, **kwargs)

    return run
