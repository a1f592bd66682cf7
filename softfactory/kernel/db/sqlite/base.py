"""SQLite as this site uses it: a current library, a query time-out, generations."""

import datetime
import decimal
import itertools
import math
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.db import OperationalError, models
from django.db.backends.sqlite3 import base, features, operations
from django.db.backends.sqlite3._functions import register as register_functions
from django.db.models.expressions import Col
from django.utils.dateparse import parse_date, parse_time

from softfactory.kernel.db.generations import GenerationsMixin
from softfactory.kernel.db.sqlite.lookups import IsTrueOrFalse
from softfactory.kernel.db.sqlite.schema import SchemaEditor
from softfactory.kernel.db.sqlite.turns import Turns, turns_of

try:
    # The library that Debian 12 ships can lose a WAL reset (fixed in 3.51.3); this one is newer.
    from pysqlite3 import dbapi2 as Database
except ImportError:
    from sqlite3 import dbapi2 as Database


def _instant(text: bytes) -> datetime.datetime:
    """Return a time as it is stored: of UTC, which Django would add later, by a longer way."""
    value = datetime.datetime.fromisoformat(text.decode())
    return value if value.tzinfo else value.replace(tzinfo=datetime.UTC)


def _stored(value: datetime.datetime) -> str:
    """Return a time as Django stores it: of UTC, without a word of it."""
    if value.tzinfo is None:
        return value.isoformat(" ")
    return value.astimezone(datetime.UTC).isoformat(" ").removesuffix("+00:00")


Database.register_converter("bool", b"1".__eq__)
Database.register_converter("date", base.decoder(parse_date))
Database.register_converter("time", base.decoder(parse_time))
Database.register_converter("datetime", _instant)
Database.register_converter("timestamp", _instant)
Database.register_adapter(decimal.Decimal, str)
Database.register_adapter(datetime.date, base.adapt_date)
Database.register_adapter(datetime.datetime, _stored)

models.BooleanField.register_lookup(IsTrueOrFalse)

# SQLite's own defaults, which the bundled library keeps and can't be asked for.
LIMITS = {sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 32_766, sqlite3.SQLITE_LIMIT_COLUMN: 2_000}

# How many steps of SQLite's virtual machine pass between two looks at the clock (about 1 ms).
STEPS_BETWEEN_LOOKS = 20_000


class TimeLimit:
    """How long a statement may take, and when the one that runs has to be over.

    It knows no connection: a handler that led back to its own would keep it for ever, since the
    collector of garbage does not see handlers.
    """

    seconds = over_at = math.inf

    def begin(self) -> None:
        """Give the work that begins now its full time."""
        self.over_at = time.monotonic() + self.seconds

    def is_over(self) -> bool:
        return time.monotonic() > self.over_at


class Connection(Database.Connection):
    """A connection that interrupts a statement which runs past its time."""

    time_limit: TimeLimit

    def getlimit(self, category: int) -> int:
        """Return how many parameters, or columns, a statement may have."""
        return LIMITS[category]

    def limit_statements(self, seconds: float) -> None:
        """Interrupt every statement after so many seconds, none if it is 0."""
        self.time_limit.seconds = seconds or math.inf
        self.set_progress_handler(self.time_limit.is_over if seconds else None, STEPS_BETWEEN_LOOKS)

    def cursor(self, factory: Any = None) -> "Cursor":
        return super().cursor(factory or Cursor)


@lru_cache(maxsize=500)
def _with_question_marks(query: str, names: tuple[str, ...] | None) -> str:
    """Return the query in SQLite's words, given the names of its parameters if they have any."""
    convert: Any = base.SQLiteCursorWrapper.convert_query  # which asks nothing of its cursor
    return convert(None, query, param_names=names)


class Cursor(Database.Cursor):
    """Django's cursor over our library: `%s` becomes `?`, and each piece of work gets its time.

    What a write returns is fetched at once: SQLite refuses a COMMIT while rows are left.
    """

    _returned: Iterator | None = None

    def execute(self, query: str, params: Any = None) -> "Cursor":
        self.connection.time_limit.begin()
        self._returned = None
        if params is None:
            super().execute(query)
        else:
            names = tuple(params) if isinstance(params, Mapping) else None
            super().execute(_with_question_marks(query, names), params)
        if "RETURNING" in query:
            self._returned = iter(super().fetchall())
        return self

    def executemany(self, query: str, param_list: Iterable) -> "Cursor":
        self.connection.time_limit.begin()
        rows = iter(param_list)
        first = next(rows, None)
        if first is None:
            return self
        names = tuple(first) if isinstance(first, Mapping) else None
        query = _with_question_marks(query, names)
        return super().executemany(query, itertools.chain([first], rows))

    def __next__(self) -> Any:
        return super().__next__() if self._returned is None else next(self._returned)

    def fetchone(self) -> Any:
        return super().fetchone() if self._returned is None else next(self._returned, None)

    def fetchmany(self, size: int = 1) -> list:
        self.connection.time_limit.begin()
        if self._returned is None:
            return super().fetchmany(size)
        return list(itertools.islice(self._returned, size))

    def fetchall(self) -> list:
        return super().fetchall() if self._returned is None else list(self._returned)


class DatabaseFeatures(features.DatabaseFeatures):
    """What SQLite can do."""

    # Built in since 3.38; Django would ask, in a transaction amid the first request that needs it.
    supports_json_field = True


class DatabaseOperations(operations.DatabaseOperations):
    """What Django makes of SQLite's values."""

    def get_db_converters(self, expression: Any) -> list[Any]:
        """Convert what was computed; of a column, the driver read a time or truth as what it is."""
        kind = expression.output_field.get_internal_type()
        is_read = isinstance(expression, Col) and kind in {"BooleanField", "DateTimeField"}
        return [] if is_read else super().get_db_converters(expression)


class DatabaseWrapper(GenerationsMixin, base.DatabaseWrapper):
    """Django's SQLite backend. `OPTIONS["statement_timeout"]` is in seconds, 0 for none; with
    `OPTIONS["takes_turns"]` a transaction begins when it is its turn.
    """

    Database = Database
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
    SchemaEditorClass = SchemaEditor
    takes_number = "%s IS NOT NULL"  # whoever writes is alone
    turns: Turns | None = None  # of those who write at the same time; None for whoever takes long
    is_its_turn = False
    patience = 0.0
    init_commands: list[str]  # which get_connection_params finds in OPTIONS

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        self.statement_timeout = params.pop("statement_timeout", 0)
        self.patience = params["timeout"]
        if params.pop("takes_turns", False) and not self.is_in_memory_db():
            self.turns = turns_of(str(params["database"]))
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection:
        connection = Database.connect(**conn_params, factory=Connection)
        connection.time_limit = TimeLimit()
        register_functions(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA legacy_alter_table = OFF")
        for command in filter(None, map(str.strip, self.init_commands)):
            connection.execute(command)
        connection.limit_statements(self.statement_timeout)
        return connection

    def create_cursor(self, name: str | None = None) -> Cursor:
        return self.connection.cursor()

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give_turn_back()
            raise

    def commit(self) -> None:
        super().commit()
        self._give_turn_back()

    def rollback(self) -> None:
        super().rollback()
        self._give_turn_back()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._give_turn_back()

    def _take_turn(self) -> None:
        if self.turns is not None:
            if not self.turns.take(self.patience):
                raise OperationalError("database is locked")
            self.is_its_turn = True

    def _give_turn_back(self) -> None:
        if self.turns is not None and self.is_its_turn:
            self.is_its_turn = False
            self.turns.give_back()
