"""Bookings that were decided on, and are written with the time that they take."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from bookings.models import Booking, Occupancy
from bookings.services.owning import (
    Claim,
    own,
    own_by_the_end,
    own_unless_taken_by_the_end,
)
from softfactory.kernel.db.inserting import insert, insert_unless, insert_unless_by_the_end
from softfactory.kernel.db.retry import LostRace, is_run_again
from softfactory.kernel.db.waiting import writes_wait


class Draft(NamedTuple):
    """A booking that may be written, and the ticks that it will own."""

    booking: Booking
    ticks: range
    chef_version: int
    is_in_the_way: bool  # whether some of them are those of a hold whose time is up


class InTheWay(LostRace):
    """Somebody has the time that was taken to be free: it is to be looked who."""


def write_if_free(draft: Draft) -> bool:
    """Write a booking and its occupancy if no row is in the way; tell whether that was so.

    Where writes wait, both do, and it is taken to be so: InTheWay comes later, if it is not.
    """
    booking = draft.booking
    in_the_way = Occupancy.objects.in_the_way(booking.chef_id, draft.ticks)
    if writes_wait() and not is_run_again():
        insert_unless_by_the_end(booking, *in_the_way, found=_look_who)
        own_unless_taken_by_the_end(*_claims([draft]), releases_at=booking.expires_at)
        return True
    if is_free := insert_unless(booking, *in_the_way):
        own_by_the_end(_claims([draft]))
    return is_free


def _look_who() -> None:
    raise InTheWay


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
