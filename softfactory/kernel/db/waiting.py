"""Writes that wait: what they wrote, nobody needs to know before the transaction ends.

On PostgreSQL each statement is a round trip. Those that can wait go to the server as one, with the
generations that they move, just before COMMIT; or before whatever else is asked on the connection,
so that nobody can see them missing. On SQLite, which is no trip away, nothing waits.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from softfactory.kernel.db.asking import ask, do

if TYPE_CHECKING:
    from softfactory.kernel.db.generations import GenerationsMixin


class BoundStatement(NamedTuple):
    """A statement's words, with the values that go into their places."""

    words: str
    values: Sequence[Any]


def _as_it_is(_outcome: object) -> None:
    """Make nothing of it."""


class Write(NamedTuple):
    """A statement without RETURNING. Of those that wait together, none sees what others write.

    `written` is told how many rows it wrote, `refused` what a constraint said of any that waited
    together. Both may raise what is better to know, which takes the whole transaction back; they
    ask nothing.
    """

    statement: BoundStatement
    written: Callable[[int], None] = _as_it_is
    refused: Callable[[IntegrityError], None] = _as_it_is


class WaitingMixin(BaseDatabaseWrapper):
    """A database backend whose writes may wait; `waiting` holds them, and is None if none may."""

    lets_wait = False  # whether a round trip is worth saving

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting: list[Write] | None = None
        self.is_sending = False

    def let_writes_wait(self) -> None:
        """Let writes wait for the end of the transaction that has just begun."""
        self.waiting = [] if self.lets_wait else None

    def send_waiting(self, last: BoundStatement | None = None) -> dict[str, int]:
        """Send what waits, and `last` with it; return what that returns, as `send` does."""
        waiting, self.waiting = self.waiting or [], []
        self.is_sending = True
        try:
            return send(waiting, last)
        finally:
            self.is_sending = False


def write_by_the_end(write: Write) -> None:
    """Let this be written before the outermost `transactional` commits.

    It is at once where nothing waits: within a savepoint, which may be taken back without the rest,
    and where somebody looks on at each statement.
    """
    connection = _written()
    if connection.waiting is None or not writes_wait():
        write_now(write)
        return
    connection.validate_no_broken_transaction()
    connection.note_write(write.statement.words)
    connection.waiting.append(write)


def writes_wait() -> bool:
    """Tell whether a write could wait now."""
    connection = _written()
    may_wait = connection.waiting is not None and not connection.is_looked_at
    return may_wait and not any(connection.savepoint_ids)


def write_now(write: Write) -> None:
    """Let this be written at once."""
    try:
        count = do(*write.statement)
    except IntegrityError as error:
        write.refused(error)
        raise
    write.written(count)


def send(writes: Sequence[Write], last: BoundStatement | None = None) -> dict[str, int]:
    """Run these writes, and `last`, which returns names and numbers; return those."""
    try:
        counts, found = _sent([write.statement for write in writes], last)
    except IntegrityError as error:
        for write in writes:
            write.refused(error)
        raise
    for write, count in zip(writes, counts, strict=True):
        write.written(count)
    return found


def _written() -> "GenerationsMixin":
    return cast("GenerationsMixin", connections[DEFAULT_DB_ALIAS])


def _sent(
    statements: Sequence[BoundStatement], last: BoundStatement | None
) -> tuple[list[int], dict[str, int]]:
    all_of_them = [*statements, last] if last else statements
    words = _together(tuple(one.words for one in statements), last.words if last else "")
    found = dict(ask(words, [value for one in all_of_them for value in one.values]))
    return [found.pop(name) for name in _names(statements)], found


def _names(statements: Iterable[object]) -> list[str]:
    return [f"write_{place}" for place, _one in enumerate(statements)]


@lru_cache(maxsize=64)
def _together(writes: tuple[str, ...], last: str) -> str:
    """Return one statement of all, which take their locks in this order, as they would by turns."""
    parts, found = [], []
    for name, words in zip(_names(writes), writes, strict=True):
        parts.append(f"{name} AS ({words} RETURNING 1)")
        found.append(f"SELECT '{name}', count(*) FROM {name}")  # nosec B608
    if last:
        parts.append(f"last AS ({last})")
        found.append("SELECT * FROM last")
    return f"WITH {', '.join(parts)} {' UNION ALL '.join(found)}"
