"""Endpoints: a user's servers that are told of events, and the secrets that their messages bear."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from softfactory.accounts.models import BOTH_HOLD, User, WebhookEndpoint
from softfactory.accounts.services.emitting import event_types
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import Conflict, InvalidRequest, NotFound, stale_version
from softfactory.kernel.targets import Refused, Target
from softfactory.kernel.webhooks import new_secret

MOST_ENDPOINTS = 10

Off = WebhookEndpoint.Off


class NewSecret(NamedTuple):
    """An endpoint, and its secret, which is shown this once."""

    endpoint: WebhookEndpoint
    secret: str


@transactional
def create_endpoint(*, user: User, url: str, types: Sequence[str], now: datetime) -> NewSecret:
    """Let a server of the user's be told of these types of events from now on.

    Raises InvalidRequest for an address that is not called, or a type that there is not; Conflict
    `too_many_endpoints`.
    """
    _require_callable(url)
    _lock_owner(user)
    if WebhookEndpoint.objects.visible_to(user).count() >= MOST_ENDPOINTS:
        message = _("You have %(most)s endpoints, which is as many as there can be. Delete one.")
        raise Conflict("too_many_endpoints", message % {"most": MOST_ENDPOINTS})
    secret = new_secret()
    endpoint = WebhookEndpoint(
        owner=user, url=url, types=_known(types), created_at=now, updated_at=now
    )
    endpoint.secret = secret
    endpoint.save()
    return NewSecret(endpoint, secret)


def edit_endpoint(
    *,
    endpoint: WebhookEndpoint,
    versions: Collection[int] | None,
    now: datetime,
    url: str | None = None,
    types: Sequence[str] | None = None,
    is_active: bool | None = None,
) -> WebhookEndpoint:
    """Change what is given, at one of these versions (None: any). Switched on, it begins anew.

    Raises InvalidRequest as `create_endpoint` does, PreconditionFailed if the version is no more.
    """
    changes: dict[str, Any] = {}
    if url is not None:
        _require_callable(url)
        changes["url"] = url
    if types is not None:
        changes["types"] = _known(types)
    if is_active is not None:
        reason = "" if is_active else Off.OWNER
        changes |= {"is_active": is_active, "disabled_reason": reason, "failing_since": None}
    if not _mine(endpoint).at_versions(versions).update(updated_at=now, **changes):
        raise _gone_or_stale(endpoint)
    return WebhookEndpoint.objects.get(pk=endpoint.pk)


@transactional
def rotate_secret(*, endpoint: WebhookEndpoint, now: datetime) -> NewSecret:
    """Give an endpoint a new secret. For a day its messages are signed with the old one too."""
    current = _mine(endpoint).select_for_update(no_key=True).first()
    if current is None:
        raise _gone_or_stale(endpoint)
    secret = new_secret()
    old_key = current.sealed_key
    current.secret = secret
    _mine(endpoint).update(
        sealed_key=current.sealed_key,
        sealed_old_key=old_key,
        old_key_until=now + BOTH_HOLD,
        updated_at=now,
    )
    return NewSecret(WebhookEndpoint.objects.get(pk=endpoint.pk), secret)


def delete_endpoint(
    *, endpoint: WebhookEndpoint, versions: Collection[int] | None = None, now: datetime
) -> None:
    """Tell an endpoint nothing any more, and forget its secrets.

    Raises PreconditionFailed if the version is no more.
    """
    deleted = (
        _mine(endpoint)
        .at_versions(versions)
        .update(
            is_active=False,
            disabled_reason=Off.OWNER,
            sealed_key="",
            sealed_old_key="",
            old_key_until=None,
            deleted_at=now,
            updated_at=now,
        )
    )
    if not deleted:
        raise _gone_or_stale(endpoint)


def reseal_secrets(reseal: Callable[[str], str]) -> int:
    """Seal every endpoint's secrets anew; return how many endpoints there are.

    One changed meanwhile is left as it is: it was sealed with the newest key.
    """
    count = 0
    for endpoint in WebhookEndpoint.objects.standing():
        keys = {"sealed_key": endpoint.sealed_key, "sealed_old_key": endpoint.sealed_old_key}
        anew = {name: reseal(key) for name, key in keys.items() if key}
        count += WebhookEndpoint.objects.filter(pk=endpoint.pk, **keys).update_derived(**anew)
    return count


def _mine(endpoint: WebhookEndpoint) -> Any:
    return WebhookEndpoint.objects.standing().filter(pk=endpoint.pk)


def _lock_owner(user: User) -> None:
    """Let nobody else count this user's endpoints until this transaction ends."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _gone_or_stale(endpoint: WebhookEndpoint) -> Exception:
    if _mine(endpoint).exists():
        return stale_version()
    return NotFound("endpoint_not_found", _("This endpoint was deleted."))


def _require_callable(url: str) -> None:
    try:
        Target.of(url)
    except Refused as refusal:
        raise _invalid("url", "invalid", str(refusal)) from None


def _known(types: Sequence[str]) -> list[str]:
    """Return them in order, each once."""
    if unknown := sorted(set(types) - set(event_types())):
        message = _("There are no such events: %(types)s.") % {"types": ", ".join(unknown)}
        raise _invalid("types", "unknown", message)
    return sorted(set(types))


def _invalid(field: str, code: str, message: str) -> InvalidRequest:
    error = {"field": field, "code": code, "message": message}
    return InvalidRequest("invalid", message, errors=[error])
