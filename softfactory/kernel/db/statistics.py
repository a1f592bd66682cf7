"""What the planner knows of the tables, kept up to date where nobody else does it."""

from datetime import datetime

from django.db import connection

# Look at all tables, not only at those that this connection asked, and count where it pays; of a
# large one a sample. Of whole ones it would keep which values are frequent, and plan a statement
# anew, each time it runs, for the values that are bound.
ALL_TABLES_BY_SAMPLES = 0x10012


def refresh_statistics(now: datetime) -> int:
    """Let SQLite count anew what has grown or shrunk much since it last did. PostgreSQL does so by
    itself. Returns 0: SQLite does not tell.

    Source: https://www.sqlite.org/pragma.html#pragma_optimize.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA optimize({ALL_TABLES_BY_SAMPLES})")
    return 0
