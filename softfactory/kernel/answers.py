"""Answers that are kept for 24 hours, so that a request sent again is not done again.

A key is claimed in a transaction of its own that commits at once. The answer is kept in the
transaction of the request's effect, by an update on that very claim: whoever lost it in the
meantime (its lease ran out) changes no row, and takes back its effect. So a kill at any line
leaves effect and answer, or neither and a lease that lapses.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from softfactory.kernel.models import IdempotencyKey
from softfactory.kernel.problems import Conflict, DomainError

KEPT = timedelta(hours=24)
LEASE = timedelta(seconds=60)


class KeyInUse(Conflict):
    """Another request with this key runs."""

    retry_after = 1

    def __init__(self) -> None:
        message = _("The first request with this Idempotency-Key is not answered yet. Try again.")
        super().__init__("idempotency_key_in_use", message)


def claim(
    *, caller_id: int, operation: str, key: str, fingerprint: str, now: datetime
) -> IdempotencyKey:
    """Return the key's row, which is answered (it has a status) or ours to answer.

    Raises DomainError (`idempotency_key_reused`) if the key came with another fingerprint, and
    KeyInUse while its first request runs.
    """
    named = {"caller_id": caller_id, "operation": operation, "key": key}
    ours = {
        "fingerprint": fingerprint,
        "claim": uuid.uuid4(),
        "lease_until": now + LEASE,
        "created_at": now,
    }
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(**named, **ours)
    except IntegrityError:
        row = IdempotencyKey.objects.filter(**named).first()
    if row is None:  # forgotten since
        raise KeyInUse
    if row.created_at <= now - KEPT:
        return _take_over(row, status=None, headers={}, body=None, **ours)
    if row.fingerprint != fingerprint:
        raise DomainError(
            "idempotency_key_reused",
            _("This Idempotency-Key came with another body before. Choose a new one."),
        )
    if row.lease_until is not None and row.lease_until <= now:
        return _take_over(row, **ours)
    if row.status is None:
        raise KeyInUse
    return row


def _take_over(row: IdempotencyKey, **columns: Any) -> IdempotencyKey:
    """Claim a row that is nobody's any more, unless somebody else was faster."""
    unchanged = IdempotencyKey.objects.filter(pk=row.pk, claim=row.claim, status=row.status)
    if not unchanged.update(**columns):
        raise KeyInUse
    row.refresh_from_db()
    return row


def keep(row: IdempotencyKey, *, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Keep the answer. Raises KeyInUse if the claim is somebody else's by now."""
    if not _ours(row).update(status=status, headers=headers, body=body, lease_until=None):
        raise KeyInUse


def forget(row: IdempotencyKey) -> None:
    """Let the key be used anew, if it has no answer: its request had no effect."""
    _ours(row).delete()


def _ours(row: IdempotencyKey) -> QuerySet[IdempotencyKey]:
    return IdempotencyKey.objects.filter(pk=row.pk, claim=row.claim, status=None)


def prune(now: datetime) -> int:
    """Forget the keys of more than 24 hours ago; return how many those were."""
    count, _per_model = IdempotencyKey.objects.filter(created_at__lte=now - KEPT).delete()
    return count
