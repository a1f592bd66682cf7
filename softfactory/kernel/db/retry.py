"""Transactions that survive losing a race, to the database's own refusal or to another writer."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, cast

from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction

if TYPE_CHECKING:
    from softfactory.kernel.db.generations import GenerationsMixin

# PostgreSQL: serialization_failure and deadlock_detected. Nothing was written: it may be repeated.
RETRIED = {"40001", "40P01"}
TRIES = 3

# Of the outermost `transactional` that runs: how often its work was begun. 0 outside of any.
_tries: ContextVar[int] = ContextVar("tries", default=0)


class LostRace(Exception):
    """What this was decided on is no more: it is to be decided anew."""


def is_lost_race(error: Exception) -> bool:
    """Tell whether this transaction was given up in favour of another."""
    return isinstance(error, LostRace) or getattr(error.__cause__, "sqlstate", None) in RETRIED


def is_run_again() -> bool:
    """Tell whether this lost a race before, and is decided anew."""
    return _tries.get() > 1


def transactional[**P, R](work: Callable[P, R]) -> Callable[P, R]:
    """Run `work` in one transaction; the outermost one is run again, twice, after a lost race.

    Inside another `transactional` it is a part of that one, and stands or falls with it. Inside a
    plain `atomic()` it is a savepoint.
    """

    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _tries.get():
            with transaction.atomic(savepoint=False):
                return work(*args, **kwargs)
        token = _tries.set(1)
        try:
            return _run_outermost(lambda: work(*args, **kwargs))
        finally:
            _tries.reset(token)

    return run


def _run_outermost[R](work: Callable[[], R]) -> R:
    is_repeatable = not connections[DEFAULT_DB_ALIAS].in_atomic_block
    for tries in range(1, TRIES if is_repeatable else 1):
        try:
            return _run_once(work)
        except (LostRace, OperationalError) as error:
            if not is_lost_race(error):
                raise
            _tries.set(tries + 1)
    return _run_once(work)


def _run_once[R](work: Callable[[], R]) -> R:
    connection = cast("GenerationsMixin", connections[DEFAULT_DB_ALIAS])
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            connection.let_writes_wait()
        result = work()
        if transaction.get_rollback():
            raise transaction.TransactionManagementError("A part of this failed, and nobody told.")
        if is_outermost:
            connection.send_with_moves()
        return result
