"""A credit note may take back a part of an invoice, which it names."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

immutable = import_module("subscriptions.migrations.0003_invoices_immutable")


def refuse_again(apps, schema_editor):
    """SQLite makes the table anew, which loses its triggers; the new column is said for good too."""
    immutable.add(apps, schema_editor, says=(*immutable.SAID, "corrects_id"))


class Migration(migrations.Migration):
    dependencies = [
        ("subscriptions", "0005_usage"),
    ]

    operations = [
        migrations.RunPython(immutable.remove, immutable.add),
        migrations.RemoveConstraint(
            model_name="invoice",
            name="subscriptions_invoice_kind",
        ),
        migrations.AddField(
            model_name="invoice",
            name="corrects",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credit_notes",
                to="subscriptions.invoice",
                verbose_name="corrects",
            ),
        ),
        migrations.AlterField(
            model_name="invoice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opening", "First period"),
                    ("period", "Period"),
                    ("change", "Change of plan"),
                    ("credit", "Credit for an invoice"),
                ],
                max_length=7,
                verbose_name="kind",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("corrects__isnull", False)),
                fields=["corrects"],
                name="subscriptions_invoice_corrects",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["opening", "period"]), ("sequence", 0)),
                    models.Q(("kind", "change"), ("sequence__gt", 0)),
                    models.Q(
                        ("corrects__isnull", False),
                        ("kind", "credit"),
                        ("sequence__gt", 0),
                        ("series", "CN"),
                    ),
                    _connector="OR",
                ),
                name="subscriptions_invoice_kind",
            ),
        ),
        migrations.RunPython(refuse_again, immutable.remove),
    ]
