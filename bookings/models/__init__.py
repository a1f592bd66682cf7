"""The tables of CooCook: chefs and when they work, bookings and the time they take, reviews."""

from bookings.models.availability import AvailabilityException, AvailabilityRule
from bookings.models.booking import Booking
from bookings.models.busy import BusyCalendar, BusyPeriod
from bookings.models.card import Card
from bookings.models.chef import Chef
from bookings.models.connected import CalendarEntry, ConnectedCalendar
from bookings.models.feed import CalendarFeed
from bookings.models.menu import Menu
from bookings.models.message import Letter, Message
from bookings.models.occupancy import Occupancy
from bookings.models.policy import Policy, Tier
from bookings.models.price import Price
from bookings.models.review import GuestReview, Review
from bookings.models.series import Series, SeriesPart
from bookings.models.waitlist import WaitlistEntry

__all__ = [
    "AvailabilityException",
    "AvailabilityRule",
    "Booking",
    "BusyCalendar",
    "BusyPeriod",
    "CalendarEntry",
    "CalendarFeed",
    "Card",
    "Chef",
    "ConnectedCalendar",
    "GuestReview",
    "Letter",
    "Menu",
    "Message",
    "Occupancy",
    "Policy",
    "Price",
    "Review",
    "Series",
    "SeriesPart",
    "Tier",
    "WaitlistEntry",
]
