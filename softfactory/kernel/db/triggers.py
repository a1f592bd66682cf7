"""Triggers that refuse: made by migrations of apps, and counted here.

A migration that rebuilds a table on SQLite loses its triggers, so an app that has some registers
a guard (see `kernel.registry.guards`) that asks `has_triggers`.
"""

from collections.abc import Mapping

from django.db import connection

CATALOGUE = {
    "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgrelid::regclass::text FROM pg_trigger"
    " WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


def has_triggers(wanted: Mapping[str, int]) -> bool:
    """Tell whether each of these tables has at least so many triggers that are enabled."""
    with connection.cursor() as cursor:
        cursor.execute(CATALOGUE[connection.vendor])
        found = [table for (table,) in cursor.fetchall()]
    return all(found.count(table) >= count for table, count in wanted.items())
