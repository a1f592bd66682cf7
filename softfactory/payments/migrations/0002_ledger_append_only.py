"""The database refuses to change or delete what stands in the ledger."""

from django.db import migrations

TABLES = ("payments_ledgertransaction", "payments_ledgerentry")
REFUSAL = "The ledger is never changed: post a correction."

FUNCTION = f"""
    CREATE FUNCTION payments_ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
    END $$
"""


def add(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    if is_postgresql:
        schema_editor.execute(FUNCTION, params=None)
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_refuse_{verb.lower()}"
            does = (
                "FOR EACH ROW EXECUTE FUNCTION payments_ledger_refuse()"
                if is_postgresql
                else f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {does}", params=None
            )


def remove(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            on = f" ON {table}" if is_postgresql else ""
            schema_editor.execute(f"DROP TRIGGER {table}_refuse_{verb.lower()}{on}", params=None)
    if is_postgresql:
        schema_editor.execute("DROP FUNCTION payments_ledger_refuse()", params=None)


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
