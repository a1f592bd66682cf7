"""What chefs offer to whoever books: their prices and schedules, kept while nobody changes them.

A booking is decided on what is kept and written only if the chef is still at that version.
"""

from collections.abc import Collection
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS
from django.db.models import BigIntegerField

from bookings.models import Chef
from bookings.services.calendar import schedule_of
from bookings.slots import Schedule
from softfactory.kernel.db import generations
from softfactory.kernel.db.kept import Kept


class Offer(NamedTuple):
    """A chef who takes bookings, and when. Nobody changes either."""

    chef: Chef
    schedule: Schedule


_offers: Kept[int, Offer] = Kept(most=1_000)


def offers_of(chef_ids: Collection[int]) -> dict[int, Offer]:
    """Return the offers of those of these chefs who take bookings, by id."""
    kept = {pk: offer for pk in chef_ids if (offer := _offers.get(pk))}
    missing = set(chef_ids) - kept.keys()
    return kept | _read(missing) if missing else kept


def _read(chef_ids: Collection[int]) -> dict[int, Offer]:
    numbers = generations.numbers("offers")
    # From where the numbers are: a replica that is at others may be behind them.
    possible = [pk for pk in chef_ids if pk <= BigIntegerField.MAX_BIGINT]
    chefs = Chef.objects.using(DEFAULT_DB_ALIAS).active().filter(pk__in=possible).with_policy()
    found = {chef.pk: Offer(chef, schedule_of(chef)) for chef in chefs.with_availability()}
    for pk, offer in found.items():
        _offers.keep(pk, offer, numbers)
    return found


def forget_offers(chef_ids: Collection[int]) -> None:
    """Read the offers of these chefs anew."""
    for pk in chef_ids:
        _offers.forget(pk)
