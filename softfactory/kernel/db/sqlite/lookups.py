"""Conditions in words that let SQLite keep the plan of a statement."""

from typing import Any

from django.db.models.lookups import Exact


class IsTrueOrFalse(Exact):
    """Whether a column is true, or false: on SQLite with the value in the statement's own words.

    As a value that is bound, it would decide whether a partial index such as `WHERE is_active = 1`
    serves the statement, and SQLite plans such a statement anew each time that it runs.
    Source: https://www.sqlite.org/c3ref/prepare.html, on sqlite3_prepare_v2.
    """

    def process_rhs(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        if connection.vendor == "sqlite" and isinstance(self.rhs, bool):
            return str(int(self.rhs)), ()
        return super().process_rhs(compiler, connection)
