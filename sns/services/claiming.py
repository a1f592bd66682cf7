"""Claims: who sends a publication next, for how long, and what is done about who never said.

Every step is one conditional update under the number of the claim. Nothing here asks a network.
"""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sns.models import Attempt, Publication
from sns.networks import NETWORKS
from sns.services.outcomes import conclude, lock_post
from sns.services.telling import tell
from softfactory.kernel.db.errors import violates
from softfactory.kernel.db.retry import transactional

LEASE = timedelta(seconds=60)  # longer than anything takes that is done under a claim
# How long nothing is heard of a request before a network that honours no keys is asked for it.
QUIET = timedelta(seconds=20)
CANDIDATES = 200  # that are looked at, at a time

State = Publication.State

logger = logging.getLogger(__name__)


def recover(now: datetime) -> int:
    """Put back what a worker claimed and never sent; of what it was sending, nobody knows."""
    return sum(_recover(row, now=now) for row in Publication.objects.held_too_long(now=now)[:500])


def give_up_late(now: datetime) -> int:
    """Miss what is later than it may be; return how many."""
    late = Publication.objects.due(now=now).filter(state=State.SCHEDULED, late_at__lte=now)
    return sum(_miss(row, now=now) for row in list(late[:500]))


def candidates(now: datetime, *, without: Collection[str] = ()) -> list[Publication]:
    """Return what could be sent or looked for now, at most one of each account, the longest due
    first; nothing on these servers.
    """
    found = Publication.objects.due(now=now).sendable(now=now).exclude(account__server__in=without)
    rows = found.one_of_each_account().with_account()[:CANDIDATES]
    return list(rows)


def claim(row: Publication, *, now: datetime) -> bool:
    """Take a due publication; tell whether nobody else has it, or anything on its account."""
    try:
        with transaction.atomic():
            return Publication.objects.claim(row, now=now, lease=LEASE)
    except IntegrityError as error:
        if not violates(error, table="sns_publication"):
            raise
        return False


def first_look(publication: Publication, *, now: datetime) -> datetime:
    """Return when a network is first asked whether a publication is there."""
    network = NETWORKS.get(publication.account.network)
    return now if network and network.honours_keys else now + QUIET


@transactional
def _recover(row: Publication, *, now: datetime) -> int:
    mine = Publication.objects.held_by(row).filter(lease_until__lte=now)
    if row.state == State.CLAIMED:
        return mine.update(state=State.SCHEDULED, due_at=now, lease_until=None)
    found = mine.update(state=State.UNCONFIRMED, due_at=first_look(row, now=now), lease_until=None)
    if found:
        logger.warning("Publication %s: its worker broke off, the network is asked", row.pk)
        Attempt.objects.create(
            publication=row,
            number=row.claim,
            kind=Attempt.Kind.SEND,
            outcome=Attempt.Outcome.LOST,
            started_at=now,
            duration_ms=0,
            created_at=now,
        )
    return found


@transactional
def _miss(row: Publication, *, now: datetime) -> int:
    post = lock_post(row.post_id)
    mine = Publication.objects.held_by(row).filter(late_at__lte=now)
    reason = row.reason or _("It could not be sent in the time that it may be late.")
    missed = mine.update(
        state=State.MISSED, due_at=None, reason_code=row.reason_code or "late", reason=reason
    )
    if missed:
        tell(row, State.MISSED, owner_id=post.owner_id, now=now)
        conclude(row.post_id, now=now)
    return missed
