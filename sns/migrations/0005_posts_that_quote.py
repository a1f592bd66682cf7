"""A post says that it quotes, also of a review that is gone meanwhile."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def _say_so(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    posts = apps.get_model("sns", "Post").objects.using(schema_editor.connection.alias)
    posts.filter(review__isnull=False).update(is_quote=True)


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0018_reviews_may_be_quoted"),
        ("sns", "0004_attempt_status"),
    ]

    operations = [
        migrations.AddField(
            model_name="post",
            name="is_quote",
            field=models.BooleanField(
                default=False, editable=False, verbose_name="quotes a review"
            ),
        ),
        migrations.RunPython(_say_so, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(("review", None), ("is_quote", True), _connector="OR"),
                name="sns_post_quote",
            ),
        ),
    ]
