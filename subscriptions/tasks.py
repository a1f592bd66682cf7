"""What customers are told by e-mail: a payment that failed, and a subscription given up for it."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from softfactory.kernel.letters import send_letter
from softfactory.kernel.zones import zone
from subscriptions.models import Invoice


def tell_of_failed_payment(pk: int) -> None:
    """Tell the customer that an invoice could not be paid, and when that is tried again."""
    invoice = _invoice(pk)
    if invoice.retry_at is None:  # it was paid, or tried again, meanwhile
        return
    with _spoken_to(invoice):
        _send(invoice, _("A payment did not go through"), "payment_failed")


def tell_of_given_up(pk: int) -> None:
    """Tell the customer that a subscription has ended, as nothing was paid for it."""
    invoice = _invoice(pk)
    with _spoken_to(invoice):
        _send(invoice, _("Your subscription has ended"), "given_up")


def _invoice(pk: int) -> Invoice:
    return Invoice.objects.select_related("user", "subscription__product").get(pk=pk)


def _spoken_to(invoice: Invoice) -> translation.override:
    return translation.override(invoice.user.language)


def _send(invoice: Invoice, subject: str, template: str) -> None:
    product = invoice.subscription.product
    context = {"invoice": invoice, "product": product, "site_url": settings.SITE_URL}
    with timezone.override(zone(invoice.subscription.timezone)):
        send_letter(invoice.user.email, subject, f"subscriptions/{template}.txt", context)
