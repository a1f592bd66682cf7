"""Bookings that were decided on, and are written with the time that they take."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from bookings.models import Booking, Occupancy
from bookings.services.owning import Claim, own, own_by_the_end
from softfactory.kernel.db.inserting import insert, insert_unless


class Draft(NamedTuple):
    """A booking that may be written, and the ticks that it will own."""

    booking: Booking
    ticks: range
    chef_version: int
    is_in_the_way: bool  # whether some of them are those of a hold whose time is up


def write_if_free(draft: Draft) -> bool:
    """Write a booking and its occupancy if no row is in the way; tell whether that was so."""
    in_the_way = Occupancy.objects.in_the_way(draft.booking.chef_id, draft.ticks)
    if is_free := insert_unless(draft.booking, *in_the_way):
        own_by_the_end(_claims([draft]))
    return is_free


def write(drafts: Sequence[Draft], *, now: datetime) -> None:
    """Write bookings and occupancy. The rows of lapsed holds in the way are taken over first."""
    for draft in drafts:
        if draft.is_in_the_way:
            rows = Occupancy.objects.filter(chef=draft.booking.chef_id).within(draft.ticks)
            rows.lapsed(now=now).delete()
    insert([draft.booking for draft in drafts])
    own(_claims(drafts))


def _claims(drafts: Sequence[Draft]) -> list[Claim]:
    return [
        Claim(booking.pk, booking.chef_id, chef_version, ticks)
        for booking, ticks, chef_version, _lapsed in drafts
    ]
