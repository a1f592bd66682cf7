"""What follows from a network's answer: published, refused, later, or nobody knows.

One transaction under the claim's number. Nothing after it can lead to a second send: what is
`published` is never due again.
"""

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from sns.models import Attempt, Publication, SocialAccount
from sns.networks.protocol import Answered, NetworkLater, NetworkRefused, NetworkUnsure
from sns.services.accounts import break_account
from sns.services.claiming import QUIET
from sns.services.openings import first_watch
from sns.services.outcomes import conclude, lock_post
from sns.services.telling import tell
from softfactory.kernel import trace
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.nudges import nudge

if TYPE_CHECKING:
    from sns.services.sending import Asked

MOST_TRIES = 10
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=30)
# Of asking a network whether it has something: a day and a half in all.
MOST_CHECKS = 40
LONGEST_CHECK = timedelta(hours=1)
REACTIONS_AFTER = timedelta(minutes=15)

State, Kind, Outcome = Publication.State, Attempt.Kind, Attempt.Outcome


@transactional
def settle(asked: "Asked", *, now: datetime) -> bool:
    """Record it; tell whether the claim still stood."""
    publication = asked.publication
    post = lock_post(publication.post_id)
    outcome, columns = _consequence(asked, now=now)
    if asked.published is not None:
        columns["watched_at"] = first_watch(post, now=now)
    cleared = {"due_at": None, "lease_until": None}
    if not Publication.objects.held_by(publication).update(**cleared | columns):
        return False
    _record(asked, outcome, now=now)
    tell(publication, columns["state"], owner_id=post.owner_id, now=now)
    if columns.get("state") in Publication.ENDED:
        conclude(publication.post_id, now=now)
    elif columns.get("state") == State.UNCONFIRMED and columns.get("due_at") is None:
        nudge("sns.post_ended", publication.post_id)
    _note_account(asked, now=now)
    return True


def pause(tries: int) -> timedelta:
    """Return how long to wait after so many tries, with a bit of chance: twice as long each time,
    half an hour at most.
    """
    longest = min(FIRST_WAIT * 2 ** min(tries - 1, 20), LONGEST_WAIT)
    return longest * secrets.SystemRandom().uniform(0.75, 1.25)


def _consequence(asked: "Asked", *, now: datetime) -> tuple[str, dict[str, Any]]:
    """Return what to call it in the log, and what the publication's row becomes."""
    error = asked.error
    if asked.published is not None:
        return Outcome.DONE, {
            "state": State.PUBLISHED,
            "published_at": now,
            "remote_id": asked.published.remote_id,
            "url": asked.published.url,
            "reason": "",
            "reason_code": "",
            "reactions_at": now + REACTIONS_AFTER,
        }
    if asked.kind == Kind.FIND:
        return _not_found(asked, now=now)
    if isinstance(error, NetworkRefused):
        return Outcome.REFUSED, _failed(error.code, error.reason)
    if isinstance(error, NetworkLater):
        return Outcome.LATER, _again(asked, error, now=now)
    wait = timedelta() if asked.network.honours_keys else QUIET
    return Outcome.UNSURE, {"state": State.UNCONFIRMED, "due_at": now + wait} | _because(
        "unsure", asked
    )


def _failed(code: str, reason: str) -> dict[str, Any]:
    return {"state": State.FAILED, "reason_code": code, "reason": reason[:500]}


def _because(code: str, asked: "Asked") -> dict[str, Any]:
    reason = asked.error.reason if asked.error else ""
    return {"reason_code": code, "reason": reason[:500]}


def _again(asked: "Asked", error: NetworkLater, *, now: datetime) -> dict[str, Any]:
    """It was turned away: later, when the network said, else after a pause; not for ever."""
    tries = asked.publication.tries
    if tries >= MOST_TRIES:
        return _failed("given_up", error.reason)
    at = error.retry_at if error.retry_at is not None else now + pause(tries)
    return {"state": State.SCHEDULED, "due_at": max(at, now)} | _because("later", asked)


def _not_found(asked: "Asked", *, now: datetime) -> tuple[str, dict[str, Any]]:
    """It is not there: it is sent again. If the network does not say, it is asked again."""
    publication, error = asked.publication, asked.error
    if error is None:
        return Outcome.ABSENT, {"state": State.SCHEDULED, "due_at": now}
    if isinstance(error, NetworkUnsure):
        outcome = Outcome.UNSURE
    else:
        outcome = Outcome.LATER if isinstance(error, NetworkLater) else Outcome.REFUSED
    columns = {"state": State.UNCONFIRMED, "due_at": None} | _because("unsure", asked)
    if publication.checks < MOST_CHECKS:
        said = error.retry_at if isinstance(error, NetworkLater) else None
        wait = min(pause(publication.checks), LONGEST_CHECK)
        columns["due_at"] = max(said or now + wait, now)
    return outcome, columns


def _record(asked: "Asked", outcome: str, *, now: datetime) -> None:
    answered: Answered | None = asked.answered
    current = trace.current()
    ours = current.request_id if current else ""
    said = asked.published.url if asked.published else asked.error.reason if asked.error else ""
    Attempt.objects.create(
        publication=asked.publication,
        number=asked.publication.claim,
        kind=asked.kind,
        outcome=outcome,
        status=answered.status if answered else None,
        answer=((answered and answered.text) or said)[:2_000],
        retry_at=getattr(asked.error, "retry_at", None),
        request_id=((answered and answered.request_id) or ours)[:100],
        started_at=asked.started_at,
        duration_ms=asked.duration_ms,
        created_at=now,
    )


def _note_account(asked: "Asked", *, now: datetime) -> None:
    """A network that asks to wait is let alone on the whole account; one that lets nobody in any
    more breaks it.
    """
    error, account = asked.error, asked.publication.account
    if isinstance(error, NetworkRefused) and error.account_broken:
        break_account(account=account, reason=error.reason or _("It lets us in no more."), now=now)
    elif isinstance(error, NetworkLater) and error.retry_at and error.retry_at > now:
        rows = SocialAccount.objects.filter(pk=account.pk)
        rows.update_derived(paused_until=error.retry_at)
