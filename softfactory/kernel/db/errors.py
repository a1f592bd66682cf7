"""What the database refused, by name."""

from django.db import IntegrityError


def violates(error: IntegrityError, *, table: str) -> bool:
    """Tell whether a unique or primary key of `table` refused the row.

    PostgreSQL names the constraint, which begins with its table; SQLite the table's columns.
    """
    diagnosis = getattr(error.__cause__, "diag", None)
    named = getattr(diagnosis, "constraint_name", None) or str(error)
    return named.startswith(f"{table}_") or f"failed: {table}." in named
