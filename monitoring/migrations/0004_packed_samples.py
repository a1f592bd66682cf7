from django.db import migrations, models

import monitoring.models.packed


def forget_samples(apps, schema_editor):
    """What was counted so far stands in another form; charts begin anew."""
    apps.get_model("monitoring", "Sample").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0003_seed_alert_rules")]

    operations = [
        migrations.RunPython(forget_samples, forget_samples),
        migrations.RemoveField(model_name="sample", name="tally"),
        migrations.AddField(
            model_name="sample",
            name="tally",
            field=monitoring.models.packed.PackedField(default=dict),
        ),
        migrations.AddField(
            model_name="sample",
            name="summary",
            field=monitoring.models.packed.PackedField(default=dict),
        ),
        migrations.AlterField(
            model_name="sample",
            name="resolution",
            field=models.PositiveSmallIntegerField(
                choices=[(10, "10 s"), (300, "5 min"), (3600, "1 h")]
            ),
        ),
    ]
