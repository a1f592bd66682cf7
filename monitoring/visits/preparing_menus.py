"""What visits to menus need before them."""

from typing import Any

from monitoring.visits.preparing import Prepared
from monitoring.visits.scene import Scene


def _menu(scene: Scene) -> dict[str, Any]:
    chef = scene.chef
    return {
        "title": "A winter table",
        "courses": ["Broth", "Galbi", "Persimmon"],
        "price_per_guest": {"amount": 80_000, "currency": chef.currency},
        "duration_hours": chef.durations[0],
        "min_guests": 2,
        "max_guests": 6,
    }


def menu_details(scene: Scene) -> Prepared:
    return {"pk": scene.new_chef().pk}, _menu(scene)


def menu_form(scene: Scene) -> Prepared:
    details = _menu(scene) | {"courses": "Broth\nGalbi", "price": 80_000}
    return {"pk": scene.new_chef().pk}, details


def menu(scene: Scene) -> Prepared:
    return {"pk": scene.new_menu().pk}, {}


def edited_menu(scene: Scene) -> Prepared:
    return {"pk": scene.new_menu().pk}, {"title": "A spring table"}


def chefs_menu(scene: Scene) -> Prepared:
    menu = scene.new_menu()
    return {"pk": menu.chef_id, "menu": menu.pk}, {}


def edited_menu_form(scene: Scene) -> Prepared:
    return chefs_menu(scene)[0], menu_form(scene)[1]
