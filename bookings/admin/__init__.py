"""CooCook in the admin. Money and states are read-only; actions call the services."""

from bookings.admin import bookings, chefs, reviews

__all__ = ["bookings", "chefs", "reviews"]
