"""What one may use, in words: for the page of one's subscriptions."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from softfactory.accounts.models import User
from softfactory.kernel.components.times import written
from softfactory.kernel.zones import zone
from subscriptions.models import Feature, Subscription
from subscriptions.services.entitlements import Entitlement, Source, entitlements_of


class Shown(NamedTuple):
    """A feature as the page shows it; without a `limit` there is no bar."""

    name: str
    text: str
    used: int
    limit: int | None
    note: str


def shown_entitlements(
    user: User, subscriptions: Sequence[Subscription], *, now: datetime
) -> list[Shown]:
    """Return what the user may use, and which of these subscriptions it is by."""
    by_id = {row.pk: row for row in subscriptions}
    found = entitlements_of(user, now=now)
    return [_shown(one, user, by_id.get(one.subscription_id or 0)) for one in found]


def _shown(one: Entitlement, user: User, subscription: Subscription | None) -> Shown:
    is_measured = bool(one.limit) and one.used is not None and one.kind != Feature.Kind.BOOLEAN
    zone_name = subscription.timezone if subscription else user.timezone
    notes = [] if one.limit == 0 else [_origin(one, subscription), _anew(one, zone_name)]
    return Shown(
        name=one.name,
        text=_in_words(one),
        used=one.used or 0,
        limit=one.limit if is_measured else None,
        note=" · ".join(note for note in notes if note),
    )


def _in_words(one: Entitlement) -> str:
    if one.limit == 0:
        return _("Not in your plan")
    if one.kind == Feature.Kind.BOOLEAN:
        return pgettext("feature", "Yes")
    limit, used = (number_format(n or 0, force_grouping=True) for n in (one.limit, one.used))
    if one.limit is None:
        return _("%(used)s, any number") % {"used": used} if one.used else _("Any number")
    if one.used is None:
        return _("Up to %(limit)s") % {"limit": limit}
    return _("%(used)s of %(limit)s used") % {"used": used, "limit": limit}


def _origin(one: Entitlement, subscription: Subscription | None) -> str:
    if one.source == Source.EXEMPTION:
        return _("No plan limits you")
    if one.source == Source.FREE:
        return _("Without a plan")
    return f"{subscription.product}, {subscription.plan.name}" if subscription else ""


def _anew(one: Entitlement, zone_name: str) -> str:
    if one.kind != Feature.Kind.METERED or one.limit is None:
        return ""
    day = written(localtime(one.ends_at, zone(zone_name)), "date")
    return _("Counted anew from %(day)s") % {"day": day}
