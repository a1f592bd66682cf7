"""The database refuses to change or delete an attempt."""

from django.db import migrations

TABLE = "sns_attempt"
REFUSAL = "Attempts are never changed: what was tried was tried."

FUNCTION = f"""
    CREATE FUNCTION sns_attempt_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
    END $$
"""


def add(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    if is_postgresql:
        schema_editor.execute(FUNCTION, params=None)
    for verb in ("UPDATE", "DELETE"):
        does = (
            "FOR EACH ROW EXECUTE FUNCTION sns_attempt_refuse()"
            if is_postgresql
            else f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
        name = f"{TABLE}_refuse_{verb.lower()}"
        schema_editor.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {TABLE} {does}", params=None)


def remove(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for verb in ("UPDATE", "DELETE"):
        on = f" ON {TABLE}" if is_postgresql else ""
        schema_editor.execute(f"DROP TRIGGER {TABLE}_refuse_{verb.lower()}{on}", params=None)
    if is_postgresql:
        schema_editor.execute("DROP FUNCTION sns_attempt_refuse()", params=None)


class Migration(migrations.Migration):
    dependencies = [("sns", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
