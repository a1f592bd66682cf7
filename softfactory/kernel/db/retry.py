"""Transactions that survive losing a race to the database's own refusal."""

from collections.abc import Callable
from functools import wraps

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction

# PostgreSQL: serialization_failure and deadlock_detected. Nothing was written: it may be repeated.
RETRIED = {"40001", "40P01"}


def is_lost_race(error: OperationalError) -> bool:
    """Tell whether the database gave up on this transaction in favour of another."""
    return getattr(error.__cause__, "sqlstate", None) in RETRIED


def transactional[**P, R](work: Callable[P, R]) -> Callable[P, R]:
    """Run `work` in one transaction; the outermost one is run again, once, after a lost race.

    Inside another transaction this is a savepoint, and the outermost `transactional` retries.
    """

    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        is_outermost = not connections[DEFAULT_DB_ALIAS].in_atomic_block
        try:
            with transaction.atomic():
                return work(*args, **kwargs)
        except OperationalError as error:
            if not (is_outermost and is_lost_race(error)):
                raise
        with transaction.atomic():
            return work(*args, **kwargs)

    return run
