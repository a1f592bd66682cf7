"""Refusals that several rules of subscriptions have in common."""

from django.utils.translation import gettext as _

from softfactory.kernel.problems import Conflict, NotFound
from subscriptions.models import Subscription


def wrong_state(subscription: Subscription) -> Conflict:
    """Return the refusal of what can't be done in the subscription's state."""
    message = _("This can't be done now: the subscription is “%(state)s”.")
    return Conflict("wrong_state", message % {"state": subscription.get_status_display()})


def no_plan() -> NotFound:
    """Return the refusal of a plan that is absent or not sold."""
    return NotFound("plan_not_found", _("There is no such plan. Choose one of those on sale."))
