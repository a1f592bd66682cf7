"""New rows, by statements whose words are kept: to find them takes Django longer than to insert."""

from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, models

from softfactory.kernel.db.asking import ask
from softfactory.kernel.db.waiting import BoundStatement, Write, write_by_the_end


class Words(NamedTuple):
    """What inserts rows of one model."""

    statement: str
    places: str
    values_of: Callable[[models.Model], tuple[Any, ...]]


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model and give them their keys, as `bulk_create` does.

    Their values are of their columns' kinds already, and such as the drivers take: nothing makes a
    number of a text, nor JSON of a dict.
    """
    if not rows:
        return
    statement, values = _inserting(rows)
    keys = ask(f"{statement} RETURNING id", values)
    for row, (key,) in zip(rows, keys, strict=True):
        _be_there(row, key)


def insert_by_the_end(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model, whose keys nobody needs, before the transaction commits."""
    if rows:
        write_by_the_end(Write(_inserting(rows)))


def insert_unless(row: models.Model, query: str, values: Sequence[Any]) -> bool:
    """Insert a new row and give it its key, unless this query finds anything; tell whether it was
    inserted. What others write at the same time, the query does not see.
    """
    words = _words(type(row))
    statement = f"{words.statement} SELECT {words.places} WHERE NOT EXISTS ({query}) RETURNING id"
    keys = ask(statement, [*words.values_of(row), *values])
    for (key,) in keys:
        _be_there(row, key)
    return bool(keys)


def _inserting(rows: Sequence[models.Model]) -> BoundStatement:
    words = _words(type(rows[0]))
    values = [value for row in rows for value in words.values_of(row)]
    places = ", ".join([f"({words.places})"] * len(rows))
    return BoundStatement(f"{words.statement} VALUES {places}", values)


def _be_there(row: models.Model, key: int) -> None:
    row.pk = key
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@cache
def _words(model: type[models.Model]) -> Words:
    fields: list[Any] = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(field.column for field in fields)
    return Words(
        statement=f"INSERT INTO {model._meta.db_table} ({columns})",
        places=", ".join(["%s"] * len(fields)),
        values_of=attrgetter(*(field.attname for field in fields)),
    )
