"""Generations: a number per group of tables that moves with every committed write to them.

A public read names its groups, takes their numbers first and makes its body second. As the
numbers move in the transaction of the write itself, whoever reads after a write was acknowledged
sees a new number, and with it a new body, on every worker and machine.

The writes are noticed by the database backends (see `GenerationsMixin`), whatever way they are
made: save, update, bulk, cascade in Python, admin or shell. Writes from outside Django are not;
docs/guide/operating.md says what to do after those.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from softfactory.kernel import trace
from softfactory.kernel.db.asking import ask
from softfactory.kernel.db.shared import Watch, shared_numbers
from softfactory.kernel.db.waiting import BoundStatement, WaitingMixin

# The table of `kernel.models.Generation`, by name: a backend is loaded before there are models.
TABLE = "kernel_generation"

# Statements whose verb is followed by the one table that they write.
WRITES_ONE = re.compile(
    r"""\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?(?:\s+ONLY)?
    |DELETE\s+FROM(?:\s+ONLY)?|MERGE\s+INTO)\s+(?:"?\w+"?\.)?"?(\w+)"?(?![^;]*;\s*\S)""",
    re.IGNORECASE | re.VERBOSE,
)
# Statements that write no rows. What a migration does to a table comes with a new release, which
# every version of a cached answer contains.
WRITES_NOTHING = re.compile(
    r"""\s*(?:SELECT|PRAGMA|BEGIN|SAVEPOINT|RELEASE|ROLLBACK|COMMIT|SET|SHOW|LOCK
    |CREATE|ALTER|DROP|ANALYZE|REINDEX|VACUUM|EXPLAIN(?!\s*(?:ANALYZE|\()))\b(?![^;]*;\s*\S)""",
    re.IGNORECASE | re.VERBOSE,
)

# What each connection's statements pass: generations, and the request's trace.
OWN_WRAPPERS = 2

_groups_of_table: dict[str, frozenset[str]] = {}


def watch(group: str, *watched: type[models.Model]) -> None:
    """Let every committed write to the tables of `watched` move the generation of `group`."""
    for model in watched:
        table = model._meta.db_table
        _groups_of_table[table] = _groups_of_table.get(table, frozenset()) | {group}
    groups_written.cache_clear()


def groups() -> frozenset[str]:
    """Return every group whose tables are watched."""
    return frozenset().union(*_groups_of_table.values())


@lru_cache(maxsize=256)  # few statements are most of what is asked
def groups_written(sql: str) -> frozenset[str]:
    """Return the groups whose tables this statement may write.

    Of a statement that is neither plainly a read nor plainly a write of one table (WITH, TRUNCATE,
    several at once, one behind a comment), every table that it names counts as written.
    """
    if found := WRITES_ONE.match(sql):
        return _groups_of_table.get(found[1], frozenset())
    if WRITES_NOTHING.match(sql):
        return frozenset()
    named = _groups_of_table.keys() & set(re.findall(r"\w+", sql))
    return frozenset().union(*(_groups_of_table[table] for table in named))


@contextmanager
def touch(group: str, *keys: object) -> Iterator[None]:
    """Narrow the writes made inside: reads of `group:key` for other keys are left alone.

    `touch("calendar", 12)` moves what is read as `calendar:12`, and as `calendar` (all of them).
    """
    narrowed = _written().narrowed
    outer = narrowed.get(group)
    narrowed[group] = frozenset({some(group), *(f"{group}:{key}" for key in keys)})
    try:
        yield
    finally:
        if outer is None:
            del narrowed[group]
        else:
            narrowed[group] = outer


def some(group: str) -> str:
    """Return the generation that moves with every narrowed write to `group`, whatever its keys."""
    return f"{group}:*"


def followed(name: str) -> set[str]:
    """Return the generations that a read of `name` depends on.

    A write that was not narrowed moves `calendar` alone, one to the calendar of chef 12 both
    `calendar:12` and `calendar:*`.
    """
    group, _colon, key = name.partition(":")
    return {group, name if key else some(group)}


def numbers(*names: str) -> Mapping[str, int] | None:
    """Return the numbers of all generations that reads of `names` depend on, in order of name:
    by the shared copies if they know them all, else by one query.

    A name is a group or `group:key`. None means that this connection has written to one of them
    and not committed yet: what it reads now is nobody else's to see, and must not be kept.
    """
    wanted = sorted(set().union(*map(followed, names)))
    if not are_committed(wanted):
        return None
    return shared_numbers().known(wanted) or _current(wanted)


def are_committed(names: Iterable[str]) -> bool:
    """Tell whether this connection has written to none of them since its last commit."""
    return _written().moved.isdisjoint(names)


def still(known: Mapping[str, int], holds: Watch) -> bool:
    """Tell whether these numbers, which `numbers` gave, still stand: by the shared copies if they
    know (`holds` asks them), else by the rows. What this connection wrote counts before COMMIT.
    """
    return are_committed(known) and (holds() or _current(known) == known)


def _current(wanted: Iterable[str]) -> Mapping[str, int]:
    """Read these numbers from the rows, and tell the shared copies.

    An open transaction sees the latest ones too: PostgreSQL's by READ COMMITTED, SQLite's since it
    keeps others from writing.
    """
    if not wanted:
        return {}
    asked = time.monotonic()
    found = read(wanted)
    shared_numbers().refresh(found, asked)
    return found


def learn(found: Mapping[str, int], asked: float) -> None:
    """Tell the shared copies the numbers that a statement read which began at `asked`, by
    `time.monotonic()`; of generations that this connection has not written to.
    """
    shared_numbers().learn(found, asked)


def remember(found: Mapping[str, int], asked: float) -> None:
    """Let the shared copies know what `numbers`, called after `asked`, told of these names from now
    on, since what they are of exists.
    """
    shared_numbers().remember(found, asked)


def read(wanted: Iterable[str], *, using: str = DEFAULT_DB_ALIAS) -> Mapping[str, int]:
    """Return the number of each of these generations, in order; one that never moved has 0."""
    ordered = sorted(wanted)
    places = ", ".join(["%s"] * len(ordered))
    query = f"SELECT name, number FROM {TABLE} WHERE name IN ({places})"  # nosec B608
    return dict.fromkeys(ordered, 0) | dict(ask(query, ordered, using=using))


def move(connection: BaseDatabaseWrapper, names: set[str]) -> Mapping[str, int]:
    """Increment these generations in the open transaction of `connection`, in order of name.

    Returns the new numbers.
    """
    return dict(ask(*_moving(names), using=connection.alias))


def _moving(names: set[str]) -> BoundStatement:
    """A new row starts at the clock's microseconds, so that a number is not met a second time when
    the table was emptied in between.
    """
    start = time.time_ns() // 1000
    ordered = sorted(names)
    rows = ", ".join(["(%s, %s)"] * len(ordered))
    statement = (
        f"INSERT INTO {TABLE} (name, number) VALUES {rows} "  # nosec B608
        f"ON CONFLICT (name) DO UPDATE SET number = {TABLE}.number + 1 RETURNING name, number"
    )
    return BoundStatement(statement, [value for name in ordered for value in (name, start)])


def move_now(*names: str) -> None:
    """Move these generations in a transaction of their own, as a write to their tables would."""
    with transaction.atomic():
        _written().moved.update(names)


def begin_anew() -> None:
    """Move all generations there are, to numbers that none of them had.

    Counting on would not do after a restore: the numbers went back with the copy, and one that is
    counted a second time finds the answers of its first life.
    """
    start = time.time_ns() // 1000
    with transaction.atomic():
        with _written().cursor() as cursor:
            cursor.execute(
                f"UPDATE {TABLE} SET number = "  # nosec B608
                "CASE WHEN number < %s THEN %s ELSE number + 1 END",
                [start, start],
            )
        move_now(*groups())


def _written() -> "GenerationsMixin":
    """This thread's connection to the database that is written."""
    return cast("GenerationsMixin", connections[DEFAULT_DB_ALIAS])


class GenerationsMixin(WaitingMixin):
    """A database backend that notes writes to watched tables and moves their generations.

    `moved` holds what the open transaction has to move before COMMIT. A write outside of any
    transaction gets one of its own, so that row and generation commit together.
    """

    #: SQL that takes a number of 64 bits until the transaction ends; false if another one has it.
    takes_number: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.moved: set[str] = set()
        self.narrowed: dict[str, frozenset[str]] = {}
        self._numbers: Mapping[str, int] = {}  # those that moved with what waited
        self.execute_wrappers += [self._note_writes, trace.note_query]

    def asking_cursor(self) -> Any:
        """Return the driver's cursor for a statement in our own words, good until the next one."""
        return self.create_cursor()

    @property
    def is_looked_at(self) -> bool:
        """Whether others than the site itself want to see each statement."""
        return self.queries_logged or len(self.execute_wrappers) > OWN_WRAPPERS

    def executed_as_noted[T](self, execute: Callable[..., T], sql: str, values: Any) -> T:
        """Return what `execute(sql, values, …)` does; its writes and the trace are told of it."""
        context = {"connection": self}
        return self._note_writes(partial(trace.note_query, execute), sql, values, False, context)

    def note_write(self, sql: str) -> None:
        """Let COMMIT move the generations of what this statement writes."""
        self._note(groups_written(sql))

    def _note(self, groups: frozenset[str]) -> None:
        for group in groups:
            self.moved |= self.narrowed.get(group, {group})

    def send_with_moves(self) -> None:
        """Send what waits, and move the generations with it: COMMIT is next."""
        if self.waiting:
            self._numbers = self.send_waiting(_moving(self.moved) if self.moved else None)
        self.waiting = None

    def _note_writes(self, execute: Callable, sql: str, *args: Any) -> Any:
        if self.is_sending:  # what was noted when it began to wait
            return execute(sql, *args)
        if self.waiting:
            self.send_waiting()
        groups = groups_written(sql)
        if not groups:
            return execute(sql, *args)
        if self.get_autocommit():
            with transaction.atomic(using=self.alias):
                self._note(groups)
                return execute(sql, *args)
        self._note(groups)
        return execute(sql, *args)

    def commit(self) -> None:
        if not self.moved:
            trace.note_commit(super().commit)
            return
        if left := self.moved - self._numbers.keys():
            self._numbers = {**self._numbers, **move(self, left)}
        mark = shared_numbers().mark(self._numbers)
        trace.note_commit(super().commit)
        self._forget()
        mark.settle()

    def rollback(self) -> None:
        self._forget()
        super().rollback()

    def close(self) -> None:
        self._forget()
        super().close()

    def _forget(self) -> None:
        self.moved.clear()
        self.waiting, self._numbers = None, {}
