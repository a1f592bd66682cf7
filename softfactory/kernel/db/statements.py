"""Statements that are asked again and again, kept: to say them takes longer than to answer them."""

from collections.abc import Callable, Hashable
from typing import Any

from django.db import connections, router
from django.db.models import Model, QuerySet


class Statements:
    """The SQL of at most so many querysets, by all that decides their words and values."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Hashable, tuple[type[Model], str, tuple[Any, ...]]] = {}

    def rows(self, key: Hashable, queryset: Callable[[], QuerySet]) -> list[tuple[Any, ...]]:
        """Return the rows of a `values_list()`, which is made only if nobody asked this before.

        They are as the database gives them: its text of JSON, and its own kind of times.
        """
        statement = self._kept.get(key)
        if statement is None:
            rows = queryset()
            statement = self._kept[key] = (rows.model, *rows.query.sql_with_params())
            if len(self._kept) > self._most:
                self._kept.pop(next(iter(self._kept)), None)
        model, sql, values = statement
        with connections[router.db_for_read(model)].cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()
