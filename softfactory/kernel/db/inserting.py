"""New rows, by statements whose words are kept: to find them takes Django longer than to insert."""

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connection, models

from softfactory.kernel.db.asking import ask


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model and give them their keys, as `bulk_create` does."""
    if not rows:
        return
    fields, words, places = _words(type(rows[0]))
    values = [value for row in rows for value in _values(row, fields)]
    places = ", ".join([f"({places})"] * len(rows))
    keys = ask(f"{words} VALUES {places} RETURNING id", values)
    for row, (key,) in zip(rows, keys, strict=True):
        _be_there(row, key)


def insert_unless(row: models.Model, query: str, values: Sequence[Any]) -> bool:
    """Insert a new row and give it its key, unless this query finds anything; tell whether it was
    inserted. What others write at the same time, the query does not see.
    """
    fields, words, places = _words(type(row))
    statement = f"{words} SELECT {places} WHERE NOT EXISTS ({query}) RETURNING id"  # nosec B608
    keys = ask(statement, [*_values(row, fields), *values])
    for (key,) in keys:
        _be_there(row, key)
    return bool(keys)


def _values(row: models.Model, fields: Sequence[models.Field]) -> list[Any]:
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


def _be_there(row: models.Model, key: int) -> None:
    row.pk = key
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@cache
def _words(model: type[models.Model]) -> tuple[list[models.Field], str, str]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(cast(str, field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    return fields, f"INSERT INTO {model._meta.db_table} ({columns})", places
