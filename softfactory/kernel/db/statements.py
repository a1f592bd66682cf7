"""Statements that are asked again and again, kept: to say them takes longer than to answer them."""

import threading
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, router
from django.db.models import Expression, Model, QuerySet

from softfactory.kernel.db.asking import ask


class Statements:
    """The SQL of at most so many querysets, by all that decides their words and values."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Hashable, tuple[type[Model], str, tuple[Any, ...]]] = {}
        self._writing = threading.Lock()

    def rows(self, key: Hashable, queryset: Callable[[], QuerySet]) -> list[tuple[Any, ...]]:
        """Return the rows of a `values_list()`, which is made only if nobody asked this before.

        They are as the database gives them: its text of JSON, and its own kind of times.
        """
        statement = self._kept.get(key)
        if statement is None:
            rows = queryset()
            statement = (rows.model, *rows.query.sql_with_params())
            with self._writing:
                self._kept[key] = statement
                if len(self._kept) > self._most:
                    del self._kept[next(iter(self._kept))]
        model, sql, values = statement
        return ask(sql, values, using=router.db_for_read(model))


class Parameter(Expression):
    """The place of a value, by its position among those with which the statement is run.

    The column it is compared with says how the database takes it; without one, as it is.
    """

    def __init__(self, position: int, column: models.Field | None = None) -> None:
        super().__init__(output_field=column or models.BigIntegerField())
        self.position = position

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]

    def value_of(self, values: Sequence[Any], connection: Any) -> Any:
        """Return its value as the database takes it."""
        return self.output_field.get_db_prep_value(values[self.position], connection)


class Statement:
    """The SQL of one queryset with parameters, on the database that it reads.

    It returns the rows that the queryset would; `values()` names their columns.
    """

    def __init__(self, rows: QuerySet[Any, dict[str, Any]]) -> None:
        self._database = rows.db
        self._compiler = rows.query.get_compiler(rows.db)
        self._sql, self._params = self._compiler.as_sql()
        columns = [column for column, _sql, _alias in self._compiler.select]
        self._names = list(rows.query.selected or ())
        self._converters = self._compiler.get_converters(columns)

    def rows(self, *values: Any) -> list[dict[str, Any]]:
        """Run it with these values for its parameters."""
        connection = connections[self._database]
        params = [
            param.value_of(values, connection) if isinstance(param, Parameter) else param
            for param in self._params
        ]
        found = ask(self._sql, params, using=self._database)
        converted = self._compiler.apply_converters(found, self._converters)
        return [dict(zip(self._names, row, strict=True)) for row in converted]


def rows_of(rows: Callable[..., QuerySet], *values: int) -> list[dict[str, Any]]:
    """Return the rows of `rows(*values)`, a named query that is the same each time, as they are in
    the database that is written.
    """
    return _statement(rows, len(values)).rows(*values)


@lru_cache(maxsize=64)
def _statement(rows: Callable[..., QuerySet], values: int) -> Statement:
    return Statement(rows(*map(Parameter, range(values))).using(DEFAULT_DB_ALIAS))
