"""What runs behind the requests: webhooks are sent, and owners told of endpoints switched off."""

from django.utils import translation
from django.utils.translation import gettext as _

from softfactory.accounts.models import WebhookEndpoint
from softfactory.accounts.services import delivering
from softfactory.kernel import clock
from softfactory.kernel.letters import send_letter


def deliver_event(pk: int) -> None:
    """Tell of an event whoever is to be told now."""
    delivering.deliver_event(pk, now=clock.now())


def tell_of_endpoint_off(pk: int) -> None:
    """Tell the owner that nothing is sent to an endpoint any more, and why."""
    endpoint = WebhookEndpoint.objects.select_related("owner").get(pk=pk)
    if endpoint.is_active or endpoint.deleted_at:  # the owner knows
        return
    with translation.override(endpoint.owner.language):
        subject, context = _("A webhook was switched off"), {"endpoint": endpoint}
        send_letter(endpoint.owner.email, subject, "accounts/endpoint_off.txt", context)
