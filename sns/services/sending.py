"""One claim of a publication, from its beginning to what came of it.

`begin` and `settle` are a transaction each, and the network is asked between them, outside of any:
`ask` runs in a thread and touches no database. A worker may be killed at any point. Before `begin`
commits nothing was sent; after `settle` commits nothing is sent again; in between nobody knows, and
the lease's end leads to the question whether it is there (`claiming.recover`).
"""

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from sns.models import Attempt, Media, Post, Publication, SocialAccount
from sns.networks.protocol import (
    LONGEST,
    Access,
    Answered,
    Network,
    NetworkError,
    NetworkLater,
    NetworkRefused,
    NetworkUnsure,
    Published,
    is_blocking,
)
from sns.services import settling
from sns.services.accounts import access_of, network_of
from sns.services.claiming import LEASE
from sns.services.contents import Written, as_kept, ready, written
from sns.services.openings import is_still_open
from sns.services.outcomes import conclude, lock_post
from sns.services.quoting import WITHDRAWN, is_quote_allowed, withdrawn
from sns.services.telling import tell
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import DomainError
from subscriptions.services.usage import record_usage

State, Kind, Outcome = Publication.State, Attempt.Kind, Attempt.Outcome

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Asked:
    """What a thread is to ask a network, and later what it heard."""

    publication: Publication
    kind: str
    network: Network
    access: Access
    content: Written
    started_at: datetime
    known: list[str] = field(default_factory=list)  # what on the account is something else
    begun: float = field(default_factory=time.monotonic)
    published: Published | None = None
    error: NetworkError | None = None
    duration_ms: int = 0

    @property
    def server(self) -> str:
        return self.access.server

    @property
    def answered(self) -> Answered | None:
        heard: Any = self.error or self.published
        return getattr(heard, "answered", None)


@transactional
def begin(publication: Publication, *, now: datetime) -> Asked | None:
    """Write down that a claimed publication is being sent, or looked for; return what to ask.

    None if it is not to be, or somebody else has it by now.
    """
    post = lock_post(publication.post_id)
    if not _is_let_in(publication, now=now):
        return None
    mine = Publication.objects.held_by(publication)
    try:
        network = network_of(publication.account)
        if publication.state == State.UNCONFIRMED:
            return _looking(publication, network, now=now)
        if overtaken := _overtaken(post, now=now):
            _stop(publication, State.CANCELLED, *overtaken, now=now)
            return None
        content = _kept(publication) if publication.content else _composed(publication, post)
        if not publication.tries:
            _count(publication, post, now=now)
    except DomainError as refusal:
        _stop(publication, State.FAILED, refusal.code, refusal.message, now=now)
        return None
    columns = {"state": State.SENDING, "content": content.stored(), "lease_until": now + LEASE}
    if not mine.update(tries=F("tries") + 1, **columns):
        return None
    publication.tries += 1
    for name, value in columns.items():
        setattr(publication, name, value)
    return Asked(publication, Kind.SEND, network, access_of(publication.account), content, now)


def _overtaken(post: Post, *, now: datetime) -> tuple[str, str] | None:
    """Why a post is not to be sent any more, by what has happened since it was written: the code
    and the words.
    """
    if post.chef_id and not is_still_open(post, now=now):
        return "slot_taken", _("The slot was taken.")
    if not is_quote_allowed(post):
        return WITHDRAWN, withdrawn()
    return None


def _is_let_in(publication: Publication, *, now: datetime) -> bool:
    """Tell whether its account works, and was not asked to wait, by now: else it is put back, or
    is over if the account was disconnected.
    """
    account = publication.account = SocialAccount.objects.get(pk=publication.account_id)
    until = account.paused_until
    if account.works and (until is None or until <= now):
        return True
    if not account.is_active and publication.state == State.CLAIMED:
        reason = _("The account was disconnected.")
        _stop(publication, State.CANCELLED, "account_disconnected", reason, now=now)
        return False
    waits = State.SCHEDULED if publication.state == State.CLAIMED else State.UNCONFIRMED
    columns = {"state": waits, "due_at": max(until or now, now), "lease_until": None}
    Publication.objects.held_by(publication).update(**columns)
    return False


def _looking(publication: Publication, network: Network, *, now: datetime) -> Asked | None:
    mine = Publication.objects.held_by(publication)
    if not mine.update(checks=F("checks") + 1):
        return None
    publication.checks += 1
    access = access_of(publication.account)
    known = Publication.objects.names_on(publication.account)
    return Asked(publication, Kind.FIND, network, access, _kept(publication), now, known)


def ask(asked: Asked) -> Asked:
    """Send it, or look for it. What the network says is in what is returned; raises nothing."""
    begun = time.monotonic()
    try:
        asked.published = _ask(asked)
    except NetworkError as error:
        asked.error = error
    except DomainError as refusal:  # a picture
        asked.error = NetworkRefused("content", refusal.message)
    except FileNotFoundError:
        asked.error = NetworkRefused("content", _("A picture's file is gone. Upload it again."))
    except Exception:  # ours: nobody can tell how far it came
        logger.exception("Publication %s could not be sent", asked.publication.pk)
        asked.error = NetworkUnsure(_("Something went wrong here. We look whether it is there."))
    asked.duration_ms = round((time.monotonic() - begun) * 1_000)
    return asked


def settle(asked: Asked, *, now: datetime) -> bool:
    """Record what came of it, and what follows; tell whether it is there now.

    Whoever lost the claim meanwhile records nothing: the network will be asked.
    """
    is_settled = settling.settle(asked, now=now)
    if not is_settled:
        logger.warning("Publication %s was claimed by somebody else", asked.publication.pk)
    return is_settled and asked.published is not None


def _ask(asked: Asked) -> Published | None:
    content = ready(asked.content, asked.network.rules(asked.access.facts))
    key = asked.publication.key
    if asked.kind == Kind.FIND:
        return asked.network.find(asked.access, content, key, known=asked.known)
    issues = asked.network.check(content, asked.network.rules(asked.access.facts))
    if is_blocking(issues):
        reasons = [issue.message for issue in issues if not issue.is_warning]
        raise NetworkRefused("content", " ".join(reasons))
    # What comes now may take LONGEST, and is to be over before the lease is.
    if timedelta(seconds=time.monotonic() - asked.begun) > (LEASE - LONGEST) / 2:
        raise NetworkLater(_("The machine is too busy."))
    return asked.network.publish(asked.access, content, key)


def _kept(publication: Publication) -> Written:
    content: Any = publication.content
    return as_kept(content, Media.objects.in_bulk(content["pictures"]))


def _composed(publication: Publication, post: Post) -> Written:
    account = publication.account
    variant = post.variants.filter(account=account).first()
    pictures = [row.media for row in post.pictures.select_related("media").order_by("position")]
    return written(
        post,
        account,
        network_of(account),
        text=(variant and variant.text) or post.text,
        pictures=pictures,
        at=publication.scheduled_at,
    )


def _count(publication: Publication, post: Post, *, now: datetime) -> None:
    """Count it among what the owner's plan allows, once. Raises Conflict if there is no more."""
    with transaction.atomic():
        record_usage(
            user=post.owner,
            feature="sns.posts",
            quantity=1,
            key=f"publication:{publication.pk}",
            now=now,
        )


def _stop(publication: Publication, state: str, code: str, reason: str, *, now: datetime) -> None:
    """End a publication that nothing was sent of."""
    ended = Publication.objects.held_by(publication)
    columns = {"due_at": None, "lease_until": None, "reason_code": code, "reason": reason[:500]}
    if ended.update(state=state, **columns):
        tell(publication, state, owner_id=publication.account.owner_id, now=now)
        conclude(publication.post_id, now=now)
