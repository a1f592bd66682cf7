"""Many new rows as one value, the JSON of all: a statement with places for each takes far longer.

PostgreSQL's driver would look at each of some thousand values, and both databases read anew a
statement whose words follow from how many rows there are.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import orjson
from django.db import connection, models

from softfactory.kernel.db.asking import do


def insert_batch(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, each the values of all of the model's columns but its key, by name.

    Times are in UTC, and for those who read the batch afterwards there are no keys.
    """
    if rows:
        do(_statement(model, connection.vendor), [_as_json(rows)])


@cache
def _statement(model: type[models.Model], vendor: str) -> str:
    table = model._meta.db_table
    fields: list[Any] = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(field.column for field in fields)
    if vendor == "postgresql":
        found = f"{columns} FROM json_populate_recordset(NULL::{table}, %s)"
    else:
        found = f"{', '.join(map(_on_sqlite, fields))} FROM json_each(%s)"
    return f"INSERT INTO {table} ({columns}) SELECT {found}"  # nosec B608


def _on_sqlite(field: models.Field) -> str:
    """Say what a column takes of a row: SQLite has no kinds of its own for times and JSON."""
    if isinstance(field, models.JSONField):
        return f"value -> '{field.column}'"
    if isinstance(field, models.DateTimeField):
        return f"replace(value ->> '{field.column}', '+00:00', '')"
    return f"value ->> '{field.column}'"


def _as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    try:
        return orjson.dumps(rows, default=str, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()
    except TypeError:  # a lone surrogate, which neither orjson nor a database takes
        return json.dumps(rows, default=str, ensure_ascii=False).encode(errors="replace").decode()
