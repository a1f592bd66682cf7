"""The words of chefs, in a table of their own that the database keeps in step and can search.

SQLite has FTS5 for that, PostgreSQL pg_trgm, both by trigrams: whatever letters stand next to each
other are found, in the middle of a word too, in Korean as in English. Triggers write the table,
so that nobody has to think of it.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models.expressions import RawSQL

TABLE = "bookings_search"
# Of fewer letters there is no trigram: they are looked for in all rows.
TRIGRAM = 3

#: What is found of a chef; `{chef}` is a row of chefs.
WORDS = "{chef}.name || ' ' || {chef}.cuisine || ' ' || {chef}.location || ' ' || {chef}.bio"
COLUMNS = "name, bio, cuisine, location"

SQLITE = {
    "bookings_search_insert": f"""
        CREATE TRIGGER bookings_search_insert AFTER INSERT ON bookings_chef BEGIN
          INSERT OR REPLACE INTO {TABLE} (rowid, words) VALUES (new.id, {WORDS.format(chef="new")});
        END""",
    "bookings_search_update": f"""
        CREATE TRIGGER bookings_search_update AFTER UPDATE OF {COLUMNS} ON bookings_chef BEGIN
          INSERT OR REPLACE INTO {TABLE} (rowid, words) VALUES (new.id, {WORDS.format(chef="new")});
        END""",
    "bookings_search_delete": f"""
        CREATE TRIGGER bookings_search_delete AFTER DELETE ON bookings_chef BEGIN
          DELETE FROM {TABLE} WHERE rowid = old.id;
        END""",
}

FUNCTION = f"""
    CREATE OR REPLACE FUNCTION bookings_search_keep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN
        DELETE FROM {TABLE} WHERE chef_id = old.id;
      ELSE
        INSERT INTO {TABLE} (chef_id, words) VALUES (new.id, {WORDS.format(chef="new")})
        ON CONFLICT (chef_id) DO UPDATE SET words = excluded.words;
      END IF;
      RETURN NULL;
    END $$
"""
POSTGRESQL = {
    "bookings_search_write": f"""
        CREATE TRIGGER bookings_search_write
        AFTER INSERT OR DELETE OR UPDATE OF {COLUMNS} ON bookings_chef
        FOR EACH ROW EXECUTE FUNCTION bookings_search_keep()""",
}


def keep_in_step(connection: Any) -> None:
    """Make the triggers that are not there, and the words anew if one was missing.

    To rebuild a table, as SQLite's migrations do, drops its triggers without a word.
    """
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return  # not migrated so far
        cursor.execute(
            "SELECT tgname FROM pg_trigger"
            if is_postgresql
            else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        )
        known = {name for (name,) in cursor.fetchall()}
        triggers = POSTGRESQL if is_postgresql else SQLITE
        missing = [sql for name, sql in triggers.items() if name not in known]
        if not missing:
            return
        if is_postgresql:
            cursor.execute(FUNCTION)
        for sql in missing:
            cursor.execute(sql)
        key = "chef_id" if is_postgresql else "rowid"
        cursor.execute(f"DELETE FROM {TABLE}")  # nosec B608
        cursor.execute(
            f"INSERT INTO {TABLE} ({key}, words) "  # nosec B608
            f"SELECT id, {WORDS.format(chef='chef')} FROM bookings_chef AS chef"
        )


def having(words: Sequence[str], vendor: str) -> RawSQL:
    """Return a query of the ids of those who have all of these words, of which there is one."""
    if vendor == "postgresql":
        terms = " AND ".join(["words ILIKE %s"] * len(words))
        return RawSQL(  # nosec B611
            f"SELECT chef_id FROM {TABLE} WHERE {terms}", [_like(word) for word in words]
        )
    long = [word for word in words if len(word) >= TRIGRAM]
    short = [word for word in words if len(word) < TRIGRAM]
    clauses = [f"{TABLE} MATCH %s"] if long else []
    clauses += ["words LIKE %s ESCAPE '\\'"] * len(short)
    phrases = " ".join('"{}"'.format(word.replace('"', '""')) for word in long)
    values = [*([phrases] if long else []), *map(_like, short)]
    return RawSQL(  # nosec B611
        f"SELECT rowid FROM {TABLE} WHERE {' AND '.join(clauses)}", values
    )


def _like(word: str) -> str:
    """The pattern of whatever has this word in it."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
