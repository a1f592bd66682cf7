"""Statements in words of our own, by a shorter way to the driver than Django's cursors take.

A cursor of Django's costs a third of what the database does for a short statement. What it is for
happens here too: the connection is there and alive, a transaction that is broken refuses, writes
move their generations, the request's trace hears of it, and errors are Django's. Whoever looks on
(a debug cursor, silk, a test that counts) is shown the statement by Django's own cursor.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from django.db import DEFAULT_DB_ALIAS, connections

if TYPE_CHECKING:
    from softfactory.kernel.db.generations import GenerationsMixin


def ask(query: str, values: Sequence[Any], *, using: str = DEFAULT_DB_ALIAS) -> list[tuple]:
    """Run a statement and return its rows."""
    return _run(query, values, using, _rows)


def do(statement: str, values: Sequence[Any]) -> int:
    """Run a statement that returns no rows, and return how many it wrote."""
    return _run(statement, values, DEFAULT_DB_ALIAS, _rowcount)


def _rows(cursor: Any) -> list[tuple]:
    return cursor.fetchall()


def _rowcount(cursor: Any) -> int:
    return cursor.rowcount


def _run[T](sql: str, values: Sequence[Any], using: str, found: Callable[[Any], T]) -> T:
    connection = cast("GenerationsMixin", connections[using])
    if connection.is_looked_at:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return found(cursor)

    def execute(sql: str, values: Any, *_ignored: Any) -> T:
        connection.validate_no_broken_transaction()
        with connection.wrap_database_errors:
            cursor = connection.asking_cursor()
            cursor.execute(sql, values)
            return found(cursor)

    connection.close_if_health_check_failed()
    connection.ensure_connection()
    return connection.executed_as_noted(execute, sql, values)
