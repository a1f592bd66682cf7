"""The one place that reads the clock, and where one hears when the clock changes what was made."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_changes: ContextVar[list[datetime] | None] = ContextVar("changes", default=None)


def now() -> datetime:
    """Return the current instant, aware, in UTC."""
    return datetime.now(UTC)


def note_change(at: datetime) -> None:
    """Tell whoever keeps what is being made that from this instant on the clock changes it."""
    changes = _changes.get()
    if changes is not None:
        changes.append(at)


@contextmanager
def noting_changes() -> Iterator[list[datetime]]:
    """Collect the instants at which the clock changes what is made inside."""
    changes: list[datetime] = []
    token = _changes.set(changes)
    try:
        yield changes
    finally:
        _changes.reset(token)


def next_minute(instant: datetime) -> datetime:
    """Return when the clock changes what is decided by whole minutes.

    A minute's first instant is on its own: what ends then is still there, and what begins then is
    there already.
    """
    begun = instant.replace(second=0, microsecond=0)
    return begun + (timedelta.resolution if begun == instant else timedelta(minutes=1))
