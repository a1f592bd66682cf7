"""Makers of social rows: what a test does not name has a sensible, always equal value."""

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sns.models import Attempt, Post, Publication, SocialAccount, Variant
from sns.models.post import fingerprint_of
from softfactory.accounts.models import User
from softfactory.kernel import clock

_serial = itertools.count(1)


def make_account(owner: User, **overrides: Any) -> SocialAccount:
    """An account on the signed webhook, in Seoul's time."""
    number = next(_serial)
    values: dict[str, Any] = {
        "network": "webhook",
        "server": "https://hooks.example",
        "handle": f"hooks.example/{number}",
        "remote_id": f"https://hooks.example/{number}",
    }
    secrets = overrides.pop("secrets", {"url": values["remote_id"], "secret": "whsec_MfKQ9r8G"})
    account = SocialAccount(owner=owner, **values | overrides)
    if account.is_active:
        account.secrets = secrets
    account.save()
    return account


def make_post(
    owner: User, *, accounts: Sequence[SocialAccount] = (), text: str = "Kimchi!", **overrides: Any
) -> Post:
    """A draft of its owner's, for these accounts."""
    values = {"author": owner, "fingerprint": fingerprint_of(text)} | overrides
    post = Post.objects.create(owner=owner, text=text, **values)
    Variant.objects.bulk_create(Variant(post=post, account=account) for account in accounts)
    return post


def make_publication(account: SocialAccount, **overrides: Any) -> Publication:
    """What is scheduled for a minute ago, of a post of its own."""
    at = overrides.pop("scheduled_at", clock.now() - timedelta(minutes=1))
    post = overrides.pop("post", None) or make_post(
        account.owner, accounts=[account], state=Post.State.SCHEDULED, scheduled_at=at
    )
    values = {"due_at": at, "late_at": at + timedelta(hours=4)} | overrides
    return Publication.objects.create(post=post, account=account, scheduled_at=at, **values)


def make_attempt(publication: Publication, **overrides: Any) -> Attempt:
    """That it was sent, and refused."""
    values = {
        "number": 1,
        "kind": Attempt.Kind.SEND,
        "outcome": Attempt.Outcome.REFUSED,
        "answer": "No such account.",
        "started_at": clock.now(),
        "duration_ms": 12,
    }
    return Attempt.objects.create(publication=publication, **values | overrides)
