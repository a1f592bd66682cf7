"""What is cooked at a visit that is asked for: a menu of the chef's, or whatever by the hour."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import Menu
from softfactory.kernel.problems import DomainError, NotFound

type Menus = Mapping[int, Menu]


def menus_of(menu_ids: Iterable[int | None]) -> Menus:
    """Return those of these menus that can be booked, by id. One query, if any is asked for."""
    wanted = {pk for pk in menu_ids if pk is not None}
    return Menu.objects.offered().in_bulk(wanted) if wanted else {}


def chosen(menus: Menus, menu_id: int | None, chef_id: int) -> Menu | None:
    """Return the menu that is asked for. Raises NotFound (`menu_not_found`)."""
    if menu_id is None:
        return None
    menu = menus.get(menu_id)
    if menu is None or menu.chef_id != chef_id:
        raise NotFound("menu_not_found", _("This menu is not offered any more."))
    return menu


def refuse_party(menu: Menu, guests: int) -> None:
    """Raise DomainError if the menu is not cooked for so many."""
    if guests < menu.min_guests:
        message = ngettext(
            "This menu is for %(n)s guest or more.",
            "This menu is for %(n)s guests or more.",
            menu.min_guests,
        )
        raise DomainError("too_few_guests", message % {"n": menu.min_guests})
    if guests > menu.max_guests:
        message = ngettext(
            "This menu is for %(n)s guest at most.",
            "This menu is for %(n)s guests at most.",
            menu.max_guests,
        )
        raise DomainError("too_many_guests", message % {"n": menu.max_guests})
