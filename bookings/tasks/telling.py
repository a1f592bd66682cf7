"""What the two sides of a booking are told by e-mail."""

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bookings.models import Booking, WaitlistEntry
from bookings.services.waitlist import offer_places_of
from softfactory.accounts.models import User
from softfactory.kernel import clock
from softfactory.kernel.letters import send_letter
from softfactory.kernel.zones import zone


def tell_of_failed_payment(pk: int) -> None:
    """Tell the customer that what is due for a booking could not be charged, if it still is."""
    booking = Booking.objects.with_parties().get(pk=pk)
    if booking.payment_status == Booking.PaymentStatus.FAILED:
        subject = gettext_noop("A payment did not go through")
        _send(booking, booking.customer, subject, "bookings/payment_failed.txt")


def tell_of_new_time(pk: int) -> None:
    """Tell customer and chef of when a booking that was moved is now, if it still stands."""
    booking = Booking.objects.with_both_sides().get(pk=pk)
    if booking.status in Booking.OCCUPYING:
        for reader in {booking.customer, booking.chef.owner}:
            subject = gettext_noop("A visit was moved")
            _send(booking, reader, subject, "bookings/moved.txt")


def offer_places(chef_id: int) -> None:
    """Hold what has opened with a chef for the first in line."""
    offer_places_of(chef_id, clock.now())


def tell_of_place(pk: int) -> None:
    """Tell the first in line of the time that is held, if it still is."""
    entry = WaitlistEntry.objects.with_customer().get(pk=pk)
    booking = entry.booking
    if booking and booking.status == Booking.Status.HELD:
        _send(
            booking,
            entry.customer,
            gettext_noop("A place has opened"),
            "bookings/place_offered.txt",
        )


def _send(booking: Booking, reader: User, subject: str, template: str) -> None:
    context = {"booking": booking, "reader": reader}
    with translation.override(reader.language), timezone.override(zone(booking.timezone)):
        send_letter(reader.email, _(subject), template, context)
