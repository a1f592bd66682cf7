from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sns", "0003_pictures_on_a_shelf")]

    operations = [
        migrations.AddField(
            model_name="attempt",
            name="status",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="status"),
        ),
    ]
