"""What the database refused, by name."""

from django.db import IntegrityError

UNIQUE_VIOLATION = "23505"  # of SQL's own states


def violates(error: IntegrityError, *, table: str) -> bool:
    """Tell whether a unique or primary key of `table` refused the row.

    PostgreSQL names the constraint, which begins with its table; SQLite the table's columns.
    """
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is None:
        return f"UNIQUE constraint failed: {table}." in str(error)
    return diagnosis.sqlstate == UNIQUE_VIOLATION and diagnosis.constraint_name.startswith(
        f"{table}_"
    )
