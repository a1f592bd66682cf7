"""One customer's billing goes one step at a time: whoever takes one locks the customer first."""

from softfactory.accounts.models import User
from softfactory.kernel.db.generations import touch
from subscriptions.models import Subscription


def lock_customer(user_id: int) -> User:
    """Return the customer, whom nobody else bills until this transaction ends.

    Where the database has no locks of rows, its transactions queue up anyway.
    """
    return User.objects.select_for_update(no_key=True).get(pk=user_id)


def lock_subscription(subscription: Subscription) -> Subscription:
    """Return the subscription as it stands, with its customer locked."""
    user = lock_customer(subscription.user_id)
    locked = Subscription.objects.with_plans().get(pk=subscription.pk)
    locked.user = user
    return locked


def lock_customer_of(invoice_id: int) -> None:
    """Lock the customer of an invoice, before its payment is written."""
    User.objects.select_for_update(of=("self",), no_key=True).get(invoices=invoice_id)


def write_subscription(subscription: Subscription, **columns: object) -> None:
    """Write columns of a subscription; what others may use is left alone."""
    with touch("entitlements", subscription.user_id):
        Subscription.objects.filter(pk=subscription.pk).update(**columns)
