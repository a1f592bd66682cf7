"""What a payment is for: locked before the payment is written, and told what became of it.

Whoever changes a subject holds it, and then wishes something of its payment. So whoever records
what became of a payment takes the subject first as well: they wait for each other, and do not
lock each other out.
"""

from softfactory.kernel.registry import settled, subject_locks
from softfactory.payments.models import Payment


def lock_subject(payment: Payment) -> None:
    """Hold what a payment is for until this transaction ends; before any row of payments."""
    if lock := subject_locks.get(payment.subject_kind):
        lock(payment.subject_id)


def tell_subject(payment: Payment) -> None:
    """Let what a payment is for hear that it, or a refund of it, came to rest."""
    settled[payment.subject_kind](payment.subject_id, payment.pk)
