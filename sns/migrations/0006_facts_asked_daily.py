from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def _ask_soon(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("sns", "SocialAccount").objects.using(schema_editor.connection.alias)
    rows.filter(network="mastodon", is_active=True).update(facts_due_at=F("updated_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("sns", "0005_posts_that_quote"),
    ]

    operations = [
        migrations.AddField(
            model_name="socialaccount",
            name="facts_due_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunPython(_ask_soon, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="socialaccount",
            index=models.Index(
                condition=models.Q(("facts_due_at__isnull", False)),
                fields=["facts_due_at"],
                name="sns_socialaccount_facts",
            ),
        ),
    ]
