"""Changing SQLite's tables where triggers name them."""

from typing import Any

from django.db.backends.sqlite3 import schema


class SchemaEditor(schema.DatabaseSchemaEditor):
    """Django's, which makes a table anew for most changes, under another name that is then changed.

    SQLite would refuse that name's change while a trigger of another table names the one that is
    being replaced. Source: https://www.sqlite.org/pragma.html#pragma_legacy_alter_table.
    """

    def _remake_table(self, *args: Any, **options: Any) -> None:
        self.execute("PRAGMA legacy_alter_table = ON")
        try:
            # Private to Django, and so not in its stubs: all that makes a table anew comes by here.
            super()._remake_table(*args, **options)  # type: ignore[misc]
        finally:
            self.execute("PRAGMA legacy_alter_table = OFF")
