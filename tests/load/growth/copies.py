"""Makes large tables of small ones: whole worlds beside the demo's, copied by the database itself.

A copy has people, chefs, hours, bookings, occupancy and reviews of its own, related as in the demo,
so what must always be true holds in it as it does there.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection, models, transaction

from bookings.models import (
    AvailabilityException,
    AvailabilityRule,
    Booking,
    Chef,
    Menu,
    Occupancy,
    Policy,
    Review,
)
from softfactory.accounts.models import User
from softfactory.kernel import clock
from softfactory.kernel.db.statistics import refresh_statistics

# A copy of a large table takes longer than a request's query may.
UNHURRIED = {
    "sqlite": {"statement_timeout": 0},
    "postgresql": {"options": "-c statement_timeout=0", "pool": False},
}

# Each copy's chefs joined a day before those of the last one: else they would stand side by side.
JOINED = {
    "sqlite": "datetime(created_at, '-' || copy.n || ' days')",
    "postgresql": "created_at - copy.n * interval '1 day'",
}
APART = 1_000_000  # between the keys of one copy and those of the next

# In the order in which they depend on each other, with what must differ between two copies.
COPIED: Mapping[type[models.Model], Mapping[str, str]] = {
    User: {"email": "copy.n || '.' || email"},
    Policy: {},
    Chef: {"name": "name || ' ' || copy.n", "created_at": JOINED[connection.vendor]},
    AvailabilityRule: {},
    AvailabilityException: {},
    Menu: {},
    Booking: {},
    Occupancy: {},
    Review: {},
}


def multiply(times: int) -> None:
    """Let each table have `times` as many rows as it has now."""
    connection.settings_dict["OPTIONS"] |= UNHURRIED[connection.vendor]
    connection.close()
    with transaction.atomic():
        for model, differing in COPIED.items():
            _copy(model, differing, times - 1)
    tell_planner()


def tell_planner() -> None:
    """Let the database know how large tables are and what is in them, as it would by and by."""
    if connection.vendor == "sqlite":
        refresh_statistics(clock.now())
    else:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _copy(model: type[models.Model], differing: Mapping[str, str], copies: int) -> None:
    columns = {field.column: _copied(field, differing) for field in model._meta.concrete_fields}
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE copy(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < %s) "
            f"INSERT INTO {table} ({', '.join(columns)}) "
            f"SELECT {', '.join(columns.values())} FROM copy CROSS JOIN {table} WHERE copy.n <= %s",
            [copies, copies],
        )


def _copied(field: Any, differing: Mapping[str, str]) -> str:
    is_key = isinstance(field, models.AutoField | models.ForeignKey)
    return (
        f"{field.column} + copy.n * {APART}"
        if is_key
        else differing.get(field.column, field.column)
    )
