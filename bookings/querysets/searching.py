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

# Ordered within, since SQLite before 3.44 knows no order of what it joins: a file whose triggers it
# can't read, an operator's own `sqlite3` can't copy either.
_WORDS = (
    "{chef}.name || ' ' || {chef}.cuisine || ' ' || {chef}.location || ' ' || {chef}.bio || ' ' || "
    "COALESCE((SELECT {join}(menu, ' ') FROM ("
    "SELECT title || ' ' || description || ' ' || courses AS menu FROM bookings_menu"
    " WHERE chef_id = {chef}.id AND is_active ORDER BY id) AS menus), '')"
)
CHEF_COLUMNS = "name, bio, cuisine, location"
MENU_COLUMNS = "title, description, courses, is_active"


def words_of(chef: str, vendor: str) -> str:
    """Return what is found of `chef`, by which a row of chefs goes in a statement, as SQL."""
    return _WORDS.format(chef=chef, join="string_agg" if vendor == "postgresql" else "group_concat")


def _of_sqlite() -> dict[str, str]:
    """The triggers by name. A name is another once what it does is."""
    put = f"INSERT OR REPLACE INTO {TABLE} (rowid, words)"
    own = f"{put} VALUES (new.id, {words_of('new', 'sqlite')})"  # nosec B608
    words = words_of("chef", "sqlite")
    theirs = f"{put} SELECT id, {words} FROM bookings_chef AS chef WHERE id"  # nosec B608
    gone = f"DELETE FROM {TABLE} WHERE rowid = old.id"  # nosec B608
    does = {
        "chef_inserted": ("INSERT ON bookings_chef", own),
        "chef_updated": (f"UPDATE OF {CHEF_COLUMNS} ON bookings_chef", own),
        "chef_deleted": ("DELETE ON bookings_chef", gone),
        "menu_inserted": ("INSERT ON bookings_menu", f"{theirs} = new.chef_id"),
        "menu_updated": (f"UPDATE OF {MENU_COLUMNS} ON bookings_menu", f"{theirs} = new.chef_id"),
        "menu_deleted": ("DELETE ON bookings_menu", f"{theirs} = old.chef_id"),
    }
    return {
        f"bookings_search_{name}": f"CREATE TRIGGER bookings_search_{name} AFTER {when}"
        f" BEGIN {what}; END"
        for name, (when, what) in does.items()
    }


SQLITE = _of_sqlite()

FUNCTION = f"""
    CREATE OR REPLACE FUNCTION bookings_search_keep() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      changed bigint;
    BEGIN
      IF TG_TABLE_NAME = 'bookings_menu' THEN
        IF TG_OP = 'DELETE' THEN changed := old.chef_id; ELSE changed := new.chef_id; END IF;
      ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM {TABLE} WHERE chef_id = old.id;
        RETURN NULL;
      ELSE
        changed := new.id;
      END IF;
      INSERT INTO {TABLE} (chef_id, words)
      SELECT chef.id, {words_of("chef", "postgresql")}
      FROM bookings_chef AS chef WHERE chef.id = changed
      ON CONFLICT (chef_id) DO UPDATE SET words = excluded.words;
      RETURN NULL;
    END $$
"""  # nosec B608
POSTGRESQL = {
    f"bookings_search_{table}": f"""
        CREATE TRIGGER bookings_search_{table}
        AFTER INSERT OR DELETE OR UPDATE OF {columns} ON bookings_{table}
        FOR EACH ROW EXECUTE FUNCTION bookings_search_keep()"""
    for table, columns in (("chef", CHEF_COLUMNS), ("menu", MENU_COLUMNS))
}


def keep_in_step(connection: Any) -> None:
    """Make the triggers that are not there, and the words anew if one was missing.

    To rebuild a table, as SQLite's migrations do, drops its triggers without a word.
    """
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        if not {TABLE, "bookings_menu"} <= set(tables):
            return  # not migrated so far
        cursor.execute(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
            if is_postgresql
            else "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        )
        known = {name: of for name, of in cursor.fetchall() if name.startswith(TABLE)}
        triggers = POSTGRESQL if is_postgresql else SQLITE
        if known.keys() == triggers.keys():
            return
        for name, of in known.items():
            cursor.execute(f"DROP TRIGGER {name}{f' ON {of}' if is_postgresql else ''}")
        if is_postgresql:
            cursor.execute(FUNCTION)
        for sql in triggers.values():
            cursor.execute(sql)
        key = "chef_id" if is_postgresql else "rowid"
        cursor.execute(f"DELETE FROM {TABLE}")  # nosec B608
        cursor.execute(
            f"INSERT INTO {TABLE} ({key}, words) "  # nosec B608
            f"SELECT id, {words_of('chef', connection.vendor)} FROM bookings_chef AS chef"
        )


def having(words: Sequence[str], vendor: str) -> RawSQL:
    """Return a query of the ids of those who have all of these words, of which there is one."""
    if vendor == "postgresql":
        terms = " AND ".join(["words ILIKE %s"] * len(words))
        query = f"SELECT chef_id FROM {TABLE} WHERE {terms}"  # nosec B608
        return RawSQL(query, [_like(word) for word in words])  # nosec B611
    long = [word for word in words if len(word) >= TRIGRAM]
    short = [word for word in words if len(word) < TRIGRAM]
    clauses = [f"{TABLE} MATCH %s"] if long else []
    clauses += ["words LIKE %s ESCAPE '\\'"] * len(short)
    phrases = " ".join('"{}"'.format(word.replace('"', '""')) for word in long)
    values = [*([phrases] if long else []), *map(_like, short)]
    query = f"SELECT rowid FROM {TABLE} WHERE {' AND '.join(clauses)}"  # nosec B608
    return RawSQL(query, values)  # nosec B611


def _like(word: str) -> str:
    """The pattern of whatever has this word in it."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
