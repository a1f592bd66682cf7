"""What must always be true of accounts: each function counts what is not."""

from django.db.models import Exists, F, OuterRef

from softfactory.accounts.models import WebhookAttempt, WebhookDelivery


def count_unproven_deliveries() -> int:
    """Deliveries said to be sent that no attempt shows to be taken, or given up without any."""
    attempts = WebhookAttempt.objects.filter(delivery=OuterRef("pk"))
    taken = attempts.taken()
    rows = WebhookDelivery.objects
    unsent = rows.filter(~Exists(taken), state=WebhookDelivery.State.SENT).count()
    return unsent + rows.filter(~Exists(attempts), state=WebhookDelivery.State.FAILED).count()


def count_strange_deliveries() -> int:
    """Deliveries to somebody else than the event's owner."""
    return WebhookDelivery.objects.exclude(endpoint__owner=F("event__owner")).count()


def count_uncounted_attempts() -> int:
    """Attempts that their delivery has not counted."""
    return WebhookAttempt.objects.filter(number__gt=F("delivery__tries")).count()
