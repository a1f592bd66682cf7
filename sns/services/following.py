"""What is done about a post that is there: likes and replies are fetched, and one that tells of a
slot is taken down once the slot is taken, if its owner chose so.

Rows are claimed by moving the time at which they are looked at next. Networks are asked by threads
that ask the database nothing.
"""

import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import F

from sns.models import Attempt, Publication
from sns.networks import NETWORKS
from sns.networks.protocol import NetworkError, NetworkLater, NetworkRefused, NetworkUnsure
from sns.services.accounts import access_of
from sns.services.claiming import LEASE
from sns.services.openings import WATCHED_EVERY, is_still_open
from softfactory.kernel.db.retry import transactional

AT_ONCE = 16
#: After a publication, when likes and replies are fetched. Then they have settled.
COUNTED_AFTER = tuple(
    timedelta(**{unit: count})
    for unit, count in (("minutes", 15), ("hours", 1), ("hours", 6), ("days", 1), ("days", 7))
)
WAIT = timedelta(minutes=5)  # with a network that can't be asked

Kind, Outcome = Attempt.Kind, Attempt.Outcome

logger = logging.getLogger(__name__)


class Heard(NamedTuple):
    """What a network said of one publication, and how long it took."""

    result: Any
    error: NetworkError | None
    duration_ms: int


def take_down_taken(now: datetime) -> int:
    """Take down what tells of a slot that was taken meanwhile; return how many posts."""
    rows = Publication.objects.to_watch(now=now).with_post()[:AT_ONCE]
    taken = [row for row in rows if _is_taken(row, now=now)]
    heard = _ask_all(taken, "delete")
    return sum(_taken_down(row, one, now=now) for row, one in zip(taken, heard, strict=True))


def count_reactions(now: datetime) -> int:
    """Fetch likes and replies of what is due to be counted; return of how many posts."""
    rows = Publication.objects.to_count(now=now).with_account()[:AT_ONCE]
    mine = [row for row in rows if _is_to_count(row, now=now)]
    heard = _ask_all(mine, "reactions")
    return sum(_counted(row, one, now=now) for row, one in zip(mine, heard, strict=True))


def _ask_all(rows: Sequence[Publication], what: str) -> list[Heard]:
    """Call this method of each one's network, all at once."""
    if not rows:
        return []
    with ThreadPoolExecutor(len(rows)) as threads:
        return list(threads.map(lambda row: _asked(row, what), rows))


def _asked(row: Publication, what: str) -> Heard:
    begun, result, error = time.monotonic(), None, None
    try:
        ask = getattr(NETWORKS[row.account.network], what)
        result = ask(access_of(row.account), row.remote_id)
    except NetworkError as said:
        error = said
    except Exception as fault:  # ours; the others are asked all the same
        logger.exception("Publication %s could not be asked about", row.pk)
        error = NetworkUnsure(type(fault).__name__)
    return Heard(result, error, round((time.monotonic() - begun) * 1_000))


@transactional
def _is_taken(row: Publication, *, now: datetime) -> bool:
    """Claim a row to be watched; tell whether its post is to be taken down now."""
    due = Publication.objects.filter(pk=row.pk, watched_at=row.watched_at, claim=row.claim)
    ahead = row.post.slot_starts_at is not None and row.post.slot_starts_at > now
    if not ahead:
        due.update(watched_at=None)
        return False
    if is_still_open(row.post, now=now) or not row.account.works:
        due.update(watched_at=now + WATCHED_EVERY)
        return False
    if not due.update(watched_at=now + LEASE, claim=F("claim") + 1):
        return False
    row.claim += 1
    return True


@transactional
def _taken_down(row: Publication, heard: Heard, *, now: datetime) -> bool:
    mine = Publication.objects.filter(pk=row.pk, claim=row.claim)
    outcome = _outcome(heard.error)
    if heard.error is None:
        columns: dict[str, Any] = {"deleted_at": now, "watched_at": None, "reactions_at": None}
        columns |= {"reason_code": "slot_taken"}
    elif isinstance(heard.error, NetworkRefused):
        columns = {"watched_at": None, "reason": heard.error.reason[:500]}
    else:
        columns = {"watched_at": _again(heard.error, now=now)}
    if not mine.update(**columns):
        return False
    answered = heard.error.answered if heard.error else None
    Attempt.objects.create(
        publication=row,
        number=row.claim,
        kind=Kind.DELETE,
        outcome=outcome,
        status=answered.status if answered else None,
        answer=heard.error.reason[:2_000] if heard.error else "",
        started_at=now,
        duration_ms=heard.duration_ms,
        created_at=now,
    )
    return heard.error is None


def _outcome(error: NetworkError | None) -> str:
    if error is None:
        return Outcome.DONE
    kinds = {NetworkRefused: Outcome.REFUSED, NetworkLater: Outcome.LATER}
    return kinds.get(type(error), Outcome.UNSURE)


def _again(error: NetworkError, *, now: datetime) -> datetime:
    asked = error.retry_at if isinstance(error, NetworkLater) else None
    return max(asked or now + WAIT, now)


def _is_to_count(row: Publication, *, now: datetime) -> bool:
    due = Publication.objects.filter(pk=row.pk, reactions_at=row.reactions_at)
    if not row.account.works:
        due.update(reactions_at=None)
        return False
    return due.update(reactions_at=now + LEASE) == 1


def _counted(row: Publication, heard: Heard, *, now: datetime) -> bool:
    mine = Publication.objects.filter(pk=row.pk, reactions_at__isnull=False)
    if heard.result is None:
        later = heard.error is not None and not isinstance(heard.error, NetworkRefused)
        mine.update(reactions_at=_again(heard.error, now=now) if later and heard.error else None)
        return False
    found = heard.result
    mine.update(
        likes=found.likes,
        replies=found.replies,
        reposts=found.reposts,
        reactions_at=_next_count(row, now=now),
    )
    return True


def _next_count(row: Publication, *, now: datetime) -> datetime | None:
    published = row.published_at or now
    return next((published + after for after in COUNTED_AFTER if published + after > now), None)
