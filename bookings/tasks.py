"""What customers are told by e-mail: a payment for a booking that failed."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from bookings.models import Booking
from softfactory.kernel.zones import zone


def tell_of_failed_payment(pk: int) -> None:
    """Tell the customer that what is due for a booking could not be charged, if it still is."""
    booking = Booking.objects.with_parties().get(pk=pk)
    if booking.payment_status != Booking.PaymentStatus.FAILED:
        return
    context = {"booking": booking, "site_url": settings.SITE_URL}
    with translation.override(booking.customer.language), timezone.override(zone(booking.timezone)):
        EmailMessage(
            subject=_("A payment did not go through"),
            body=render_to_string("bookings/payment_failed.txt", context),
            to=[booking.customer.email],
            headers={"Auto-Submitted": "auto-generated"},  # RFC 3834: answer no robot
        ).send()
