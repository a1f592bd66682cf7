"""Owning a chef's time: the rows of occupancy, which have one owner each."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from django.db import IntegrityError
from django.utils.translation import gettext as _

from bookings.models import Occupancy
from bookings.services.offers import forget_offers
from bookings.services.refusals import MESSAGES
from bookings.slots import Reason
from softfactory.kernel.db.errors import violates
from softfactory.kernel.db.retry import LostRace
from softfactory.kernel.db.waiting import Write, write_by_the_end, write_now
from softfactory.kernel.problems import Conflict


class Claim(NamedTuple):
    """The ticks that a booking is to own, and the version of its chef that this was decided on."""

    booking_id: int
    chef_id: int
    chef_version: int
    ticks: range


class Overtaken(LostRace, Conflict):
    """Between deciding and writing, somebody took the time, or an owner edited the chef."""

    def __init__(self) -> None:
        super().__init__("slot_taken", _(MESSAGES[Reason.TAKEN]))


def own(claims: Sequence[Claim]) -> None:
    """Let bookings own their ticks, all of them or none. Raises Overtaken."""
    write_now(_owning(claims))


def own_by_the_end(claims: Sequence[Claim]) -> None:
    """Let bookings own their ticks before the transaction commits: Overtaken then, if they don't.

    For whoever neither asks about them before, nor goes on without them.
    """
    write_by_the_end(_owning(claims))


def own_unless_taken_by_the_end(claim: Claim, *, releases_at: datetime | None) -> None:
    """Let a booking that waits itself own its ticks, if nobody has any of them by then.

    Overtaken if the chef was edited; whoever writes the booking says what it means that they are
    taken.
    """
    statement = Occupancy.objects.owning_unless_taken(
        (claim.booking_id, claim.chef_id, claim.chef_version), claim.ticks, releases_at=releases_at
    )
    write_by_the_end(Write(statement, partial(_refuse_fewer, [claim]), _refuse_taken))


def _owning(claims: Sequence[Claim]) -> Write:
    wanted = [
        (claim.booking_id, claim.chef_version, claim.ticks.start, claim.ticks.stop)
        for claim in claims
    ]
    return Write(Occupancy.objects.owning(wanted), partial(_refuse_fewer, claims), _refuse_taken)


def _refuse_fewer(claims: Sequence[Claim], owned: int) -> None:
    if owned < sum(len(claim.ticks) for claim in claims):
        forget_offers({claim.chef_id for claim in claims})
        raise Overtaken


def _refuse_taken(error: IntegrityError) -> None:
    if violates(error, table=Occupancy._meta.db_table):
        raise Overtaken from error
