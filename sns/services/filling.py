"""What templates' placeholders stand for: a chef of the owner's, a free time, a review, a menu."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from django.conf import settings

from bookings.models import Chef, Menu, Review
from bookings.services.calendar import free_slots, local_today
from sns.placeholders import fill
from softfactory.kernel.components.times import date_locale

OPENINGS_AHEAD = timedelta(days=14)
MOST_OPENINGS = 100


def fill_template(
    text: str,
    *,
    chef: Chef | None = None,
    slot: datetime | None = None,
    review: Review | None = None,
    menu: Menu | None = None,
) -> str:
    """Return a template's text with what is chosen put in.

    Raises DomainError (`placeholder_unknown`, `placeholder_open`, `placeholder_empty`).
    """
    return fill(text, values_of(chef=chef, slot=slot, review=review, menu=menu))


def values_of(
    *,
    chef: Chef | None = None,
    slot: datetime | None = None,
    review: Review | None = None,
    menu: Menu | None = None,
) -> Mapping[str, str]:
    """Return the values of all placeholders that have one here, by name."""
    values: dict[str, str] = {}
    if chef is not None:
        rating = f"{chef.rating_hundredths / 100:.1f}" if chef.review_count else ""
        values |= {
            "chef.name": chef.name,
            "chef.cuisine": chef.cuisine,
            "chef.place": chef.location,
            "chef.rating": rating,
            "chef.link": page_of(chef),
        }
        if slot is not None:
            values |= _of_slot(chef, slot)
    if review is not None:
        values |= {
            "review.text": review.text,
            "review.rating": str(review.rating),
            "review.author": review.author_name,
        }
    if menu is not None:
        values |= {
            "menu.name": menu.title,
            "menu.price": str(menu.price_per_guest),
            "menu.courses": menu.courses,
        }
    return values


def coming_openings(chef: Chef, *, now: datetime) -> list[datetime]:
    """Return when the chef could be booked next, for their shortest visit; the nearest first.

    The chef was loaded `with_availability()`.
    """
    first = local_today(chef, now=now)
    last, hours = first + OPENINGS_AHEAD, min(chef.durations)
    slots = free_slots(chef=chef, first=first, last=last, hours=hours, now=now)
    return [slot.starts_at for slot in slots][:MOST_OPENINGS]


def page_of(chef: Chef) -> str:
    """Return the address of a chef's page, as strangers open it."""
    return f"{settings.SITE_URL}/coocook/chefs/{chef.pk}"


def _of_slot(chef: Chef, slot: datetime) -> dict[str, str]:
    local = slot.astimezone(ZoneInfo(chef.timezone))
    locale = date_locale()
    query = urlencode({"starts_at": slot.isoformat()})
    return {
        "slot.date": format_date(local.date(), "full", locale=locale),
        "slot.time": format_time(local.time(), "short", locale=locale),
        "slot.link": f"{page_of(chef)}/book?{query}",
    }
