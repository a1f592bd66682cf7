"""How the database goes about a slow query: its plan, taken later and without anybody's values.

A plan is made for the statement with its places left open, so it can't quote a value. It is taken
by the clock, never in a request, and only explained: nothing is run.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction

from monitoring.models import SlowQuery

RENEWED = timedelta(days=1)
AT_ONCE = 3
PLACE = re.compile(r"%(?P<kind>[s%])")


def take_plans(now: datetime) -> int:
    """Explain some slow queries that have no plan of today; return how many."""
    waiting = SlowQuery.objects.to_be_explained(since=now - RENEWED)[:AT_ONCE]
    for slow in waiting:
        SlowQuery.objects.filter(pk=slow.pk).update(plan=plan_of(slow.sql), planned_at=now)
    return len(waiting)


def plan_of(sql: str) -> str:
    """Return the plan of a statement with places for values, or why there is none."""
    if ";" in sql:
        return "Not explained: several statements."
    explain = _explain_sqlite if connection.vendor == "sqlite" else _explain_postgresql
    connection.ensure_connection()
    driver = connection.connection.cursor()  # by Django's, PREPARE of a write would be one
    try:
        with transaction.atomic(), connection.wrap_database_errors:
            return "\n".join(explain(driver, sql))
    except DatabaseError as error:
        return f"Not explained: {str(error).partition('\n')[0]}"


def _explain_sqlite(cursor: Any, sql: str) -> list[str]:
    places = [None for found in PLACE.finditer(sql) if found["kind"] == "s"]
    cursor.execute(f"EXPLAIN QUERY PLAN {sql}", places)
    depths = {0: -1}
    lines = []
    for step, parent, _unused, detail in cursor.fetchall():
        depths[step] = depths.get(parent, -1) + 1
        lines.append("  " * depths[step] + detail)
    return lines


def _explain_postgresql(cursor: Any, sql: str) -> list[str]:
    """By a prepared statement, whose generic plan has `$1` where a value will be."""
    count = 0

    def numbered(found: re.Match) -> str:
        nonlocal count
        if found["kind"] == "%":
            return "%"
        count += 1
        return f"${count}"

    statement = PLACE.sub(numbered, sql)
    values = f"({', '.join(['NULL'] * count)})" if count else ""
    cursor.execute(f"PREPARE monitoring_plan AS {statement}")
    try:
        with transaction.atomic():
            cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
            cursor.execute(f"EXPLAIN EXECUTE monitoring_plan{values}")
            return [row[0] for row in cursor.fetchall()]
    finally:
        cursor.execute("DEALLOCATE monitoring_plan")
