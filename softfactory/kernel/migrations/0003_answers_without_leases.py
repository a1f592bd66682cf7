from django.db import migrations, models


def forget_unanswered(apps, schema_editor):
    """A request that was running when its server ended has had no effect."""
    apps.get_model("kernel", "IdempotencyKey").objects.filter(status=None).delete()


class Migration(migrations.Migration):
    # PostgreSQL alters no table that has deferred checks waiting.
    atomic = False

    dependencies = [("kernel", "0002_generations_in_the_admin")]

    operations = [
        migrations.RunPython(forget_unanswered, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name="idempotencykey", name="kernel_idempotencykey_running_or_answered"
        ),
        migrations.RemoveField(model_name="idempotencykey", name="claim"),
        migrations.RemoveField(model_name="idempotencykey", name="lease_until"),
        migrations.AlterField(
            model_name="idempotencykey", name="status", field=models.PositiveSmallIntegerField()
        ),
        migrations.AlterField(model_name="idempotencykey", name="body", field=models.BinaryField()),
    ]
