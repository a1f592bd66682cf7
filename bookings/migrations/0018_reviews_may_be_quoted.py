from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0017_menus_that_suit"),
    ]

    operations = [
        migrations.AddField(
            model_name="review",
            name="may_be_quoted",
            field=models.BooleanField(default=False, editable=False, verbose_name="may be quoted"),
        ),
    ]
