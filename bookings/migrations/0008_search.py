"""The words of chefs, to be searched. Their triggers are made after the migrations."""

from django.db import migrations

TABLE = "bookings_search"


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        schema_editor.execute(
            f"CREATE TABLE {TABLE} (chef_id bigint PRIMARY KEY, words text NOT NULL)"
        )
        schema_editor.execute(
            f"CREATE INDEX bookings_search_words ON {TABLE} USING gin (words gin_trgm_ops)"
        )
    else:
        schema_editor.execute(f"CREATE VIRTUAL TABLE {TABLE} USING fts5(words, tokenize='trigram')")


def remove(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):
    dependencies = [("bookings", "0007_reviews")]

    operations = [migrations.RunPython(add, remove)]
