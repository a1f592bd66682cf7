"""The addresses of what is read, as each library wants to be told."""

import os
import sys
from urllib.parse import unquote, urlsplit

try:
    # The site's own SQLite: an older one can't read what its triggers say. Both libraries import it
    # by the name of Python's.
    import pysqlite3

    sys.modules["sqlite3"] = pysqlite3
except ImportError:
    pass

DATABASE_URL = os.environ["DATABASE_URL"]
IS_SQLITE = DATABASE_URL.startswith("sqlite:")
# The site's own pragmas (softfactory/settings.py): who is compared reads and writes alike.
PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "cache_size": "-40000",
    "temp_store": "MEMORY",
    "mmap_size": "268435456",
    "foreign_keys": "ON",
}


def for_django() -> dict:
    """Return what Django's DATABASES takes."""
    if IS_SQLITE:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATABASE_URL.removeprefix("sqlite:///"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": ";".join(f"PRAGMA {k}={v}" for k, v in PRAGMAS.items()),
            },
        }
    parts = urlsplit(DATABASE_URL)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname,
        "PORT": parts.port or "",
        "CONN_MAX_AGE": None,
    }


def for_sqlalchemy() -> str:
    """Return what SQLAlchemy's create_engine takes."""
    if IS_SQLITE:
        return DATABASE_URL
    return urlsplit(DATABASE_URL)._replace(scheme="postgresql+psycopg", query="").geturl()
