"""Accounts: connected, connected again, disconnected. What opens them is sealed, and never shown.

A network is asked outside of any transaction. What is connected again keeps its row, and so its
settings, its queue and whatever waits for it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from sns.models import Post, Publication, SocialAccount
from sns.networks import NETWORKS
from sns.networks.protocol import Access, Network, NetworkError, NetworkRefused
from sns.networks.reasons import MENDING
from sns.services.outcomes import conclude
from sns.times import queue_times
from softfactory.accounts.models import User
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.nudges import nudge
from softfactory.kernel.problems import (
    Conflict,
    DomainError,
    InvalidRequest,
    NotFound,
    stale_version,
)
from softfactory.kernel.zones import validate_zone
from subscriptions.services.entitlements import require
from subscriptions.services.locking import lock_customer

FEATURE = "sns.accounts"
# How often a server is asked for its limits again.
FACTS_EVERY = timedelta(days=1)


class Unreachable(DomainError):
    """A network can't be asked just now."""

    status = 503
    retry_after = 30


def network_of(account: SocialAccount) -> Network:
    """Return the network of an account. Raises Conflict for one that is not here any more."""
    network = NETWORKS.get(account.network)
    if network is None:
        raise Conflict("network_gone", _("This network is not offered any more."))
    return network


def access_of(account: SocialAccount) -> Access:
    """Return an account as its network sees it, with what opens it."""
    return Access(
        server=account.server,
        handle=account.handle,
        remote_id=account.remote_id,
        secrets=account.secrets,
        facts=account.facts,
    )


def connect_account(
    *,
    user: User,
    network: str,
    server: str,
    credentials: Mapping[str, str],
    now: datetime,
    timezone: str | None = None,
) -> SocialAccount:
    """Connect an account, or connect it again, and return it. The network is asked first.

    Raises InvalidRequest for a network or credentials that there are not, DomainError
    `connect_refused` with the network's reason, Unreachable, and Conflict as
    `entitlements.require` does for `sns.accounts`.
    """
    known = NETWORKS.get(network)
    if known is None:
        message = _("There is no such network. Choose one of: %(names)s.")
        raise _invalid("network", "unknown", message % {"names": ", ".join(NETWORKS)})
    _require_credentials(known, credentials)
    access = _connected(known, server or known.default_server, credentials)
    return _keep(user, network, access, timezone or user.timezone, now=now)


def suggested(network: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return what we make up of what opens an account where it was not given, such as a secret for
    a webhook. Whoever connects it so has to be shown it: it is never shown again.
    """
    fields = NETWORKS[network].credentials if network in NETWORKS else ()
    return {
        field.name: field.suggests()
        for field in fields
        if field.suggests and not given.get(field.name)
    }


def edit_account(
    *,
    account: SocialAccount,
    versions: Collection[int] | None,
    now: datetime,
    timezone: str | None = None,
    slots: Sequence[Mapping[str, Any]] | None = None,
) -> SocialAccount:
    """Change an account's zone or its weekly queue. What is scheduled keeps its time.

    Raises InvalidRequest, and PreconditionFailed if the version is no more.
    """
    changes: dict[str, Any] = {}
    if timezone is not None:
        validate_zone(timezone)
        changes["timezone"] = timezone
    if slots is not None:
        try:
            changes["slots"] = [slot.stored() for slot in queue_times(slots)]
        except ValueError as error:
            raise _invalid("slots", "invalid", str(error)) from None
    rows = SocialAccount.objects.connected().filter(pk=account.pk)
    if not rows.at_versions(versions).update(updated_at=now, **changes):
        raise stale_version()
    return SocialAccount.objects.get(pk=account.pk)


@transactional
def disconnect_account(*, account: SocialAccount, now: datetime) -> None:
    """Forget what opens an account, and cancel what waits for it. What was published stays."""
    # Posts first, as everybody locks them.
    waiting = Publication.objects.filter(account=account).exclude(state__in=Publication.ENDED)
    posts = sorted(waiting.values_list("post_id", flat=True))
    list(Post.objects.select_for_update(no_key=True).filter(pk__in=posts).order_by("pk"))
    gone = SocialAccount.objects.connected().filter(pk=account.pk)
    columns = {"is_active": False, "sealed_secrets": "", "broken_reason": "", "broken_at": None}
    columns["facts_due_at"] = None
    if not gone.update(updated_at=now, **columns):
        raise NotFound("not_found", _("This account was disconnected already."))
    cancelled = Publication.objects.filter(account=account, state=Publication.State.SCHEDULED)
    cancelled.update(
        state=Publication.State.CANCELLED, due_at=None, reason_code="account_disconnected"
    )
    account.is_active = False
    for post_id in posts:
        conclude(post_id, now=now)


def break_account(*, account: SocialAccount, reason: str, now: datetime) -> None:
    """Write down that an account does not work, and why; its owner is told once."""
    rows = SocialAccount.objects.connected().filter(pk=account.pk, broken_reason="")
    if rows.update_derived(broken_reason=reason[:500], broken_at=now):
        nudge("sns.account_broken", account.pk)


def count_accounts(owner_id: int) -> int:
    """Return how many accounts an owner has connected."""
    return SocialAccount.objects.connected().filter(owner=owner_id).count()


def reseal_secrets(reseal: Callable[[str], str]) -> int:
    """Seal every account's secrets anew; return how many accounts there are.

    One connected again meanwhile is left as it is: it was sealed with the newest key.
    """
    count = 0
    for account in SocialAccount.objects.connected():
        rows = SocialAccount.objects.filter(pk=account.pk, sealed_secrets=account.sealed_secrets)
        count += rows.update_derived(sealed_secrets=reseal(account.sealed_secrets))
    return count


def _require_credentials(network: Network, given: Mapping[str, str]) -> None:
    if network.has_consent:
        return  # they come from the server's own page
    names = {field.name: field.is_required for field in network.credentials}
    missing = [name for name, required in names.items() if required and not given.get(name)]
    unknown = [name for name in given if name not in names]
    if not (missing or unknown):
        return
    errors = [
        {"field": f"credentials.{name}", "code": code, "message": message}
        for code, wrong, message in (
            ("required", missing, _("This is needed.")),
            ("unknown", unknown, _("There is no such field; leave it out.")),
        )
        for name in wrong
    ]
    raise InvalidRequest("invalid", _("These are not the credentials asked for."), errors=errors)


def _connected(network: Network, server: str, credentials: Mapping[str, str]) -> Access:
    try:
        return network.connect(server, credentials)
    except NetworkRefused as refusal:
        mending = str(MENDING.get(refusal.code, ""))
        words = " ".join(part for part in (refusal.reason, mending) if part)
        raise DomainError("connect_refused", words) from None
    except NetworkError as error:
        raise Unreachable("network_unreachable", error.reason) from None


@transactional
def _keep(
    user: User, network: str, access: Access, timezone: str, *, now: datetime
) -> SocialAccount:
    lock_customer(user.pk)
    names = {"network": network, "server": access.server, "remote_id": access.remote_id}
    account = SocialAccount.objects.filter(owner=user, **names).first()
    if account is None or not account.is_active:
        require(user, FEATURE, now=now, used=count_accounts(user.pk))
    if account is None:
        account = SocialAccount(owner=user, timezone=timezone, created_at=now, **names)
    account.handle, account.facts = access.handle, dict(access.facts)
    account.secrets = access.secrets
    account.is_active, account.broken_reason, account.broken_at = True, "", None
    account.paused_until, account.updated_at = None, now
    account.facts_due_at = now + FACTS_EVERY if NETWORKS[network].has_facts else None
    account.save()
    nudge("sns.publish", account.pk, can_wait=True)  # what waited for it
    return SocialAccount.objects.get(pk=account.pk)


def _invalid(field: str, code: str, message: str) -> InvalidRequest:
    error = {"field": field, "code": code, "message": message}
    return InvalidRequest("invalid", message, errors=[error])
