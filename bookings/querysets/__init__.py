"""The named queries of CooCook."""

from bookings.querysets.bookings import BookingQuerySet
from bookings.querysets.busy import BusyCalendarQuerySet
from bookings.querysets.chefs import ChefQuerySet
from bookings.querysets.connected import CalendarEntryQuerySet, ConnectedCalendarQuerySet
from bookings.querysets.menus import MenuQuerySet
from bookings.querysets.messages import LetterQuerySet, MessageQuerySet
from bookings.querysets.occupancy import OccupancyQuerySet
from bookings.querysets.reviews import ReviewQuerySet
from bookings.querysets.series import SeriesQuerySet
from bookings.querysets.waitlist import WaitlistQuerySet

__all__ = [
    "BookingQuerySet",
    "BusyCalendarQuerySet",
    "CalendarEntryQuerySet",
    "ChefQuerySet",
    "ConnectedCalendarQuerySet",
    "LetterQuerySet",
    "MenuQuerySet",
    "MessageQuerySet",
    "OccupancyQuerySet",
    "ReviewQuerySet",
    "SeriesQuerySet",
    "WaitlistQuerySet",
]
