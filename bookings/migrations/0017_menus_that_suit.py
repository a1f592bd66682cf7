"""What menus suit, as a number with a bit for each tag, and what those of a chef suit altogether."""

from collections import defaultdict

from django.db import migrations, models
from django.db.models import F

from softfactory.kernel.db.tags import TagSet

TAGS = ["vegetarian", "vegan", "pescatarian", "halal", "kosher", "gluten_free", "dairy_free"]


def copy(apps, schema_editor):
    menus, chefs = (
        apps.get_model("bookings", name).objects.using(schema_editor.connection.alias)
        for name in ("Menu", "Chef")
    )
    diets = defaultdict(set)
    tagged = menus.exclude(dietary_names=[]).annotate(asked_in=F("chef__currency"))
    for menu in tagged.only("dietary_names", "chef", "currency", "is_active").iterator():
        menus.filter(pk=menu.pk).update(dietary=menu.dietary_names)
        if menu.is_active and menu.currency == menu.asked_in:
            diets[menu.chef_id] |= set(menu.dietary_names)
    for chef, tags in diets.items():
        chefs.filter(pk=chef).update(diets=tags)


def copy_back(apps, schema_editor):
    menus = apps.get_model("bookings", "Menu").objects.using(schema_editor.connection.alias)
    for menu in menus.exclude(dietary=[]).only("dietary").iterator():
        menus.filter(pk=menu.pk).update(dietary_names=menu.dietary)


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0016_connected_calendars"),
    ]

    operations = [
        migrations.RenameField("menu", "dietary", "dietary_names"),
        migrations.AddField(
            "menu",
            "dietary",
            TagSet(blank=True, default=list, tags=TAGS, verbose_name="suits"),
        ),
        migrations.AddField(
            "chef", "diets", TagSet(blank=True, default=list, editable=False, tags=TAGS)
        ),
        migrations.RunPython(copy, copy_back),
        migrations.RemoveField("menu", "dietary_names"),
        migrations.AddIndex(
            "chef",
            models.Index(
                condition=models.Q(("is_active", True)),
                fields=["diets"],
                name="bookings_chef_diets",
            ),
        ),
    ]
