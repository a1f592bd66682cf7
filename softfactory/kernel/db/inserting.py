"""New rows, by statements whose words are kept: to find them takes Django longer than to insert.

PostgreSQL makes the columns of one value, the JSON of the rows: its driver would look at each value
of each column, and read all words anew where there are more than fifty.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache, partial
from operator import attrgetter
from typing import Any, NamedTuple

import orjson
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, models

from softfactory.kernel.db.asking import ask
from softfactory.kernel.db.errors import violates
from softfactory.kernel.db.keys import forget_keys, next_key
from softfactory.kernel.db.retry import LostRace
from softfactory.kernel.db.waiting import BoundStatement, Write, write_by_the_end

NOT_GIVEN = object()  # which no driver takes


class Words(NamedTuple):
    """What inserts rows of one model."""

    into: str
    columns: tuple[str, ...]
    places: str
    from_json: str
    attributes: Callable[[models.Model], tuple[Any, ...]]

    def values_of(self, row: models.Model) -> dict[str, Any]:
        """Return the values of a row's columns, by name."""
        return dict(zip(self.columns, self.attributes(row), strict=True))


def new[M: models.Model](model: type[M], **values: Any) -> M:
    """Return a new row of these values, by column, and of the other columns' defaults.

    It is what the model's own call returns, which looks at each name in turn, and takes three times
    as long. Columns whose default is made anew each time have to be given.
    """
    defaults = _defaults(model)
    all_of_them = defaults | values
    if len(all_of_them) != len(defaults):
        raise TypeError(f"no columns of {model}: {values.keys() - defaults.keys()}")
    return model(*all_of_them.values())


@cache
def _defaults(model: type[models.Model]) -> dict[str, Any]:
    fields: list[Any] = list(model._meta.concrete_fields)
    return {
        field.attname: NOT_GIVEN if _is_made_anew(field) else field.get_default()
        for field in fields
    }


def _is_made_anew(field: models.Field) -> bool:
    return field.has_default() and callable(field.default)


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model and give them their keys, as `bulk_create` does.

    Their values are of their columns' kinds already, and such as the drivers take: nothing makes a
    number of a text, nor JSON of a dict.
    """
    if not rows:
        return
    words = _words_of(rows[0])
    statement, values = _inserting(words, [words.values_of(row) for row in rows])
    keys = ask(f"{statement} RETURNING id", values)
    for row, (key,) in zip(rows, keys, strict=True):
        _be_there(row, key)


def insert_by_the_end(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert new rows, whose keys nobody needs, before the transaction commits. Each is the values
    of all of the model's columns but its key, by name.
    """
    if rows:
        write_by_the_end(Write(_inserting(_words(model, has_key=False), rows)))


def insert_unless(row: models.Model, query: str, values: Sequence[Any]) -> bool:
    """Insert a new row and give it its key, unless this query finds anything; tell whether it was
    inserted. What others write at the same time, the query does not see.
    """
    statement = _inserting_unless(row, query, values)
    keys = ask(f"{statement.words} RETURNING id", statement.values)
    for (key,) in keys:
        _be_there(row, key)
    return bool(keys)


def insert_unless_by_the_end(
    row: models.Model, query: str, values: Sequence[Any], *, found: Callable[[], None]
) -> None:
    """Insert a new row before the transaction commits, where writes wait. It has its key at once.

    If this query finds anything, nothing is inserted, and `found` says what that means.
    """
    _be_there(row, next_key(type(row)))

    def written(count: int) -> None:
        if not count:
            found()

    refused = partial(_refuse_key, type(row))
    write_by_the_end(Write(_inserting_unless(row, query, values), written, refused))


def _refuse_key(model: type[models.Model], error: IntegrityError) -> None:
    if violates(error, table=model._meta.db_table):
        forget_keys(model)
        raise LostRace from error


def _inserting(words: Words, rows: Sequence[Mapping[str, Any]]) -> BoundStatement:
    if connection.vendor == "postgresql":
        return BoundStatement(words.from_json, [orjson.dumps(rows).decode()])
    places = ", ".join([f"({words.places})"] * len(rows))
    values = [row[column] for row in rows for column in words.columns]
    return BoundStatement(f"{words.into} VALUES {places}", values)


def _inserting_unless(row: models.Model, query: str, values: Sequence[Any]) -> BoundStatement:
    words = _words_of(row)
    if connection.vendor == "postgresql":
        statement, own = _inserting(words, [words.values_of(row)])
    else:
        statement, own = f"{words.into} SELECT {words.places}", words.attributes(row)
    return BoundStatement(_unless(statement, query), [*own, *values])


@lru_cache(maxsize=64)
def _unless(found: str, query: str) -> str:
    return f"{found} WHERE NOT EXISTS ({query})"


def _be_there(row: models.Model, key: int) -> None:
    row.pk = key
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _words_of(row: models.Model) -> Words:
    return _words(type(row), has_key=row.pk is not None)


@cache
def _words(model: type[models.Model], *, has_key: bool) -> Words:
    fields: list[Any] = [
        field for field in model._meta.concrete_fields if has_key or not field.primary_key
    ]
    table, columns = model._meta.db_table, tuple(field.column for field in fields)
    named = ", ".join(columns)
    into = f"INSERT INTO {table} ({named})"
    return Words(
        into=into,
        columns=columns,
        places=", ".join(["%s"] * len(columns)),
        from_json=f"{into} SELECT {named} FROM json_populate_recordset(NULL::{table}, %s)",  # nosec B608
        attributes=attrgetter(*(field.attname for field in fields)),
    )
