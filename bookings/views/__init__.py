"""The pages of CooCook, and the start page of the site."""

from bookings.views.availability import edit_availability
from bookings.views.book import book
from bookings.views.bookings import cancel, list_bookings, show_booking
from bookings.views.calendars import list_calendars, read_calendar, remove_calendar
from bookings.views.chef import list_reviews, show_chef
from bookings.views.connecting import connect as connect_calendar
from bookings.views.connecting import disconnect as disconnect_calendar
from bookings.views.connecting import try_calendar
from bookings.views.dashboard import show_dashboard
from bookings.views.explore import explore
from bookings.views.feed import calendar_feed, show_feed
from bookings.views.feed import revoke as revoke_feed
from bookings.views.fragments import free_this_week, next_free_times
from bookings.views.home import home
from bookings.views.menus import list_menus, new_menu, offer_menu, show_menu
from bookings.views.messages import write
from bookings.views.money import edit_terms, pay, show_earnings
from bookings.views.repeating import repeat
from bookings.views.requests import complete, confirm, decline, list_requests, no_show
from bookings.views.reschedule import reschedule
from bookings.views.reviewing import answer, let_quote, review
from bookings.views.series import cancel_rest, confirm_all, decline_all, show_series
from bookings.views.sharing import short_address, show_share
from bookings.views.waitlist import leave, list_waits, wait

__all__ = [
    "answer",
    "book",
    "calendar_feed",
    "cancel",
    "cancel_rest",
    "complete",
    "confirm",
    "confirm_all",
    "connect_calendar",
    "decline",
    "decline_all",
    "disconnect_calendar",
    "edit_availability",
    "edit_terms",
    "explore",
    "free_this_week",
    "home",
    "leave",
    "let_quote",
    "list_bookings",
    "list_calendars",
    "list_menus",
    "list_requests",
    "list_reviews",
    "list_waits",
    "new_menu",
    "next_free_times",
    "no_show",
    "offer_menu",
    "pay",
    "read_calendar",
    "remove_calendar",
    "repeat",
    "reschedule",
    "review",
    "revoke_feed",
    "short_address",
    "show_booking",
    "show_chef",
    "show_dashboard",
    "show_earnings",
    "show_feed",
    "show_menu",
    "show_series",
    "show_share",
    "try_calendar",
    "wait",
    "write",
]
