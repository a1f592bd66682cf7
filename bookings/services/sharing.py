"""The picture that a shared link to a chef shows: a dish of its menus, or a card with its name."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from bookings.models import Chef, Menu
from softfactory.kernel.pictures import PUBLIC, SHARED
from softfactory.kernel.pictures.fonts import font_file
from softfactory.kernel.pictures.picture import Picture

# Another number once the same would look otherwise.
LOOK = 1


@dataclass(frozen=True)
class Share:
    """What the picture is made of, and its words for who can't see it."""

    title: str
    line: str
    dish: str
    alt: str

    @property
    def name(self) -> str:
        """What its file is called: it says all of how it looks."""
        made_of = repr((LOOK, self.dish or (self.title, self.line)))
        return f"{hashlib.sha256(made_of.encode()).hexdigest()[:40]}.jpg"


def share_of(chef: Chef, menus: Iterable[Menu]) -> Share | None:
    """Return what a link to the chef shows, in the active language.

    None if no menu on offer has a picture, and no font here could write a name in Korean too.
    """
    title, line = chef.name, f"{chef.cuisine_name} · {chef.place_name}"
    dish = next((menu for menu in menus if menu.picture), None)
    if dish is not None:
        return Share(title, line, dish.picture, dish.picture_alt or f"{dish.title}, {title}")
    return Share(title, line, "", f"{title}, {line}") if font_file() else None


def make_picture(share: Share) -> None:
    """Make it, if it is not there; twice is once."""
    if not SHARED.path(share.name).exists():
        SHARED.keep_as(share.name, _drawn(share))


def _drawn(share: Share) -> Picture:
    from softfactory.kernel.pictures.sharing import covering, titled

    return covering(PUBLIC.read(share.dish)) if share.dish else titled(share.title, share.line)
