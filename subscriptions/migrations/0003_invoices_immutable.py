"""The database refuses to change or delete what an invoice says once it is issued."""

from django.db import migrations

INVOICE, LINE = "subscriptions_invoice", "subscriptions_invoiceline"
REFUSAL = "An issued invoice is never changed: issue a credit note."

SAID = (
    "id",
    "subscription_id",
    "user_id",
    "kind",
    "period_start",
    "period_end",
    "sequence",
    "series",
    "number",
    "currency",
    "total_amount",
    "tax_amount",
    "tax_rate",
    "credit_amount",
    "issued_at",
    "created_at",
)
# What becomes of an invoice moves while it is open. Once it is paid, void or given up, it stands.
BECOMES = ("status", "attempts", "retry_at", "paid_at")


def _conditions(is_postgresql, says=SAID):
    """Return what is refused: a name, the table, the verb, and the condition, if there is one."""
    differs = "IS DISTINCT FROM" if is_postgresql else "IS NOT"

    def moved(columns):
        old, new = (", ".join(f"{row}.{c}" for c in columns) for row in ("OLD", "NEW"))
        return f"({old}) {differs} ({new})"

    return [
        ("update", INVOICE, "UPDATE", moved(says)),
        ("reopen", INVOICE, "UPDATE", f"OLD.status <> 'open' AND {moved(BECOMES)}"),
        ("delete", INVOICE, "DELETE", ""),
        ("update", LINE, "UPDATE", ""),
        ("delete", LINE, "DELETE", ""),
    ]


# A line is written before its invoice is posted to the ledger, in the same transaction.
POSTED = """EXISTS (
    SELECT 1 FROM payments_ledgertransaction
    WHERE key = 'invoice-' || NEW.invoice_id || '-invoice'
)"""

FUNCTIONS = f"""
    CREATE FUNCTION subscriptions_invoice_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
    END $$;
    CREATE FUNCTION subscriptions_invoice_refuse_line() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF {POSTED} THEN
        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$
"""


def add(apps, schema_editor, says=SAID):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    if is_postgresql:
        schema_editor.execute(FUNCTIONS, params=None)
    refuse = (
        "EXECUTE FUNCTION subscriptions_invoice_refuse()"
        if is_postgresql
        else f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )
    for name, table, verb, condition in _conditions(is_postgresql, says):
        schema_editor.execute(
            f"CREATE TRIGGER {table}_refuse_{name} BEFORE {verb} ON {table} FOR EACH ROW"
            f" {f'WHEN ({condition})' if condition else ''} {refuse}",
            params=None,
        )
    schema_editor.execute(
        f"CREATE TRIGGER {LINE}_refuse_insert BEFORE INSERT ON {LINE} FOR EACH ROW "
        + (
            "EXECUTE FUNCTION subscriptions_invoice_refuse_line()"
            if is_postgresql
            else f"WHEN {POSTED} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        ),
        params=None,
    )


def remove(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    triggers = [(table, name) for name, table, *_rest in _conditions(is_postgresql)]
    for table, name in [*triggers, (LINE, "insert")]:
        on = f" ON {table}" if is_postgresql else ""
        schema_editor.execute(f"DROP TRIGGER {table}_refuse_{name}{on}", params=None)
    if is_postgresql:
        for function in ("subscriptions_invoice_refuse", "subscriptions_invoice_refuse_line"):
            schema_editor.execute(f"DROP FUNCTION {function}()", params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0002_ledger_append_only"),
        ("subscriptions", "0002_subscriptions_and_invoices"),
    ]

    operations = [migrations.RunPython(add, remove)]
