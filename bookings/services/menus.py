"""Menus: what a chef's owner offers at a price per guest, and its pictures.

A write moves the chef's version too: a booking that was decided on what the menu said before is
decided anew.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from bookings.models import Chef, Menu
from bookings.models.diets import DIETARY
from softfactory.kernel.db.generations import touch
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.nudges import nudge
from softfactory.kernel.pictures import PUBLIC
from softfactory.kernel.problems import Conflict, InvalidRequest, stale_version

MOST_MENUS = 30

type Details = Mapping[str, Any]  # fields of a menu by name; the price is Money


def create_menu(*, chef: Chef, details: Details) -> Menu:
    """Offer one more menu. Raises Conflict (`too_many_menus`) and InvalidRequest."""
    with touch("calendar", chef.pk), touch("chefs", chef.pk):
        return _create(chef, details)


@transactional
def _create(chef: Chef, details: Details) -> Menu:
    locked = _moved(chef.pk)
    if Menu.objects.of_chef(chef.pk).filter(is_active=True).count() >= MOST_MENUS:
        message = _("There are %(most)s menus already. Withdraw one of them first.")
        raise Conflict("too_many_menus", message % {"most": MOST_MENUS})
    menu = Menu.objects.create(chef=locked, **_columns(locked, details))
    Chef.objects.filter(pk=chef.pk).keep_diets()
    return menu


def edit_menu(*, menu: Menu, versions: Collection[int] | None, changes: Details) -> Menu:
    """Change these fields of a menu and return it as it is then. Bookings keep what they agreed.

    Raises PreconditionFailed unless it is at one of `versions` (None means any).
    """
    with touch("calendar", menu.chef_id), touch("chefs", menu.chef_id):
        return _edit(menu, versions, changes)


@transactional
def _edit(menu: Menu, versions: Collection[int] | None, changes: Details) -> Menu:
    chef = _moved(menu.chef_id)
    current = Menu.objects.filter(pk=menu.pk).at_versions(versions).first()
    if current is None:
        raise stale_version()
    columns = _columns(chef, changes)
    least = columns.get("min_guests", current.min_guests)
    if least > columns.get("max_guests", current.max_guests):
        message = _("The most guests are fewer than the fewest.")
        errors = [{"field": "max_guests", "code": "min_value", "message": message}]
        raise InvalidRequest("invalid", message, errors=errors)
    Menu.objects.filter(pk=menu.pk).update(**columns)
    if columns.keys() & {"dietary", "is_active", "currency"}:
        Chef.objects.filter(pk=chef.pk).keep_diets()
    return Menu.objects.get(pk=menu.pk)


def _moved(chef_id: int) -> Chef:
    """Lock the chef and move its version."""
    Chef.objects.filter(pk=chef_id).update()
    return Chef.objects.get(pk=chef_id)


def _columns(chef: Chef, details: Details) -> dict[str, Any]:
    columns = dict(details)
    if "courses" in columns:
        columns["courses"] = "\n".join(columns["courses"])
    if "dietary" in columns:
        columns["dietary"] = [tag for tag in DIETARY if tag in columns["dietary"]]
    if "price_per_guest" in columns:
        price = columns.pop("price_per_guest")
        if price.currency != chef.currency:
            message = _("The price of a menu is in the currency of its chef, %(currency)s.")
            message %= {"currency": chef.currency}
            errors = [{"field": "price_per_guest", "code": "mixed_currencies", "message": message}]
            raise InvalidRequest("invalid", message, errors=errors)
        columns |= {"price_per_guest_amount": price.amount, "currency": price.currency}
    hours = columns.get("duration_hours")
    if hours is not None and hours not in chef.durations:
        message = _("Choose one of the durations that you offer.")
        errors = [{"field": "duration_hours", "code": "duration_not_offered", "message": message}]
        raise InvalidRequest("invalid", message, errors=errors)
    return columns


def set_picture(
    *, menu: Menu, content: bytes, alt: str, versions: Collection[int] | None = None
) -> Menu:
    """Show another picture. The file is there before the row that names it.

    Raises DomainError (`picture_too_large`, `picture_type`, `picture_broken`), and
    PreconditionFailed unless the menu is at one of `versions` (None means any).
    """
    from softfactory.kernel.pictures.fitting import accept

    name = PUBLIC.keep(accept(content))
    changes = {"picture": name, "picture_alt": alt, "picture_copies": []}
    with touch("calendar", menu.chef_id), touch("chefs", menu.chef_id):
        return _set_picture(menu, versions, changes)


@transactional
def _set_picture(menu: Menu, versions: Collection[int] | None, changes: Details) -> Menu:
    edited = _edit(menu, versions, changes)
    nudge("bookings.menu_picture", menu.pk, can_wait=True)
    return edited


def remove_picture(*, menu: Menu, versions: Collection[int] | None) -> Menu:
    """Show none any more. Its file stays: another menu, or a copy of a page, may show it.

    Raises PreconditionFailed unless the menu is at one of `versions` (None means any).
    """
    changes = {"picture": "", "picture_alt": "", "picture_copies": []}
    return edit_menu(menu=menu, versions=versions, changes=changes)


def make_copies(pk: int) -> None:
    """Make narrower copies of a menu's picture, for narrower screens; twice is once."""
    from softfactory.kernel.pictures import Picture
    from softfactory.kernel.pictures.fitting import widths

    menu = Menu.objects.get(pk=pk)
    if not menu.picture or menu.picture_copies:
        return
    made = widths(Picture(PUBLIC.read(menu.picture), "", 0, 0))
    copies = [[PUBLIC.keep(copy), copy.width] for copy in made]
    with touch("calendar", menu.chef_id), touch("chefs", menu.chef_id):
        Menu.objects.filter(pk=pk, picture=menu.picture).update(picture_copies=copies)
