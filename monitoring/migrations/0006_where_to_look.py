from django.db import migrations

PATHS = {
    "api-response-time": "/monitoring/routes/",
    "api-response-time-p95": "/monitoring/routes/",
    "db-query-time": "/monitoring/queries/",
    "error-rate": "/monitoring/requests/",
    "memory-usage": "/monitoring/system/",
    "task-queue-age": "/monitoring/system/",
    "invariants": "/monitoring/system/",
}


def point_at_the_page(apps, schema_editor):
    """Lead from each rule that the site comes with to its own page, unless staff said where."""
    rules = apps.get_model("monitoring", "AlertRule").objects.filter(look_at_path="/monitoring/")
    for key, path in PATHS.items():
        rules.filter(key=key).update(look_at_path=path)


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0005_stories")]

    operations = [migrations.RunPython(point_at_the_page, migrations.RunPython.noop)]
