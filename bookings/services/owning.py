"""Owning a chef's time: the rows of occupancy, which have one owner each."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import IntegrityError
from django.utils.translation import gettext as _

from bookings.models import Occupancy
from bookings.services.offers import forget_offers
from bookings.services.refusals import MESSAGES
from bookings.slots import Reason
from softfactory.kernel.db.errors import violates
from softfactory.kernel.db.retry import LostRace
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
    wanted = [
        (claim.booking_id, claim.chef_version, claim.ticks.start, claim.ticks.stop)
        for claim in claims
    ]
    try:
        owned = Occupancy.objects.own(wanted)
    except IntegrityError as error:
        if violates(error, table=Occupancy._meta.db_table):
            raise Overtaken from error
        raise
    if owned < sum(len(claim.ticks) for claim in claims):
        forget_offers({claim.chef_id for claim in claims})
        raise Overtaken
