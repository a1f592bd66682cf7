"""The account of the ledger that a payment's money lies on; so far that was the customer's."""

from django.db import migrations, models
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat


def name_accounts(apps, schema_editor):
    name = Concat(Value("customer:"), Cast(F("user_id"), CharField()))
    apps.get_model("payments", "Payment").objects.update(account=name)


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_ledger_append_only")]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="account",
            field=models.CharField(default="", max_length=60, verbose_name="ledger account"),
            preserve_default=False,
        ),
        migrations.RunPython(name_accounts, migrations.RunPython.noop, elidable=True),
    ]
