"""What a user holds: features, and what their subscriptions allow; kept while nobody changes it.

It is read in one statement with its generations, as tokens are, and asked for its instant only when
it is used: a grace that ends, or a period that does, needs no write to be over.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import models
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat

from softfactory.accounts.models import User
from softfactory.kernel.db import generations
from softfactory.kernel.db.kept import Kept
from softfactory.kernel.db.statements import rows_of
from softfactory.kernel.models import Generation
from subscriptions.models import Feature, Subscription


class Allowed(NamedTuple):
    """A feature, and how much of it nobody needs a plan for; None for any number."""

    key: str
    name: str
    kind: str
    free: int | None


class Grant(NamedTuple):
    """What one subscription allows of a feature, in its period; None for any number."""

    value: int | None
    subscription_id: int
    starts_at: datetime
    ends_at: datetime
    until: datetime | None  # None: until somebody writes otherwise


class Holdings(NamedTuple):
    """What a user may use. Nobody changes it."""

    features: Mapping[str, Allowed]  # by key, in the order in which they are shown
    grants: Mapping[str, tuple[Grant, ...]]  # by the feature's key
    is_exempt: bool


NONE = Holdings({}, {}, is_exempt=False)

_holdings: Kept[int, Holdings] = Kept(most=1_000)


def holdings_of(user_id: int) -> Holdings:
    """Return what a user holds: without any query if it is kept, else by one."""
    return _holdings.get(user_id) or _read(user_id)


def _read(user_id: int) -> Holdings:
    asked = time.monotonic()
    rows = rows_of(_holdings_in_one_row, user_id)
    if not rows:  # the user is gone
        return NONE
    [row] = rows
    names = sorted(generations.followed(f"entitlements:{user_id}"))
    numbers = dict(zip(names, (row["number_of_all"], row["number_of_user"]), strict=True))
    holdings = _made_of(row)
    if generations.are_committed(names):
        generations.learn(numbers, asked)
        _holdings.keep(user_id, holdings, numbers)
    return holdings


def _holdings_in_one_row(user_id: int) -> models.QuerySet[Any, Any]:
    """The one row of what a user holds, with its generations, all of one moment."""
    theirs = Subscription.objects.filter(user=OuterRef("pk")).allowing()
    of_user = Concat(Value("entitlements:"), Cast(OuterRef("pk"), models.CharField()))
    return User.objects.filter(pk=user_id).values(
        features=Subquery(Feature.objects.as_one_row()),
        grants=Subquery(theirs.grants_as_one_row()),
        is_exempt=Q(exemption__isnull=False),
        number_of_all=Generation.number_of("entitlements"),
        number_of_user=Generation.number_of(of_user),
    )


def _made_of(row: Mapping[str, Any]) -> Holdings:
    rows = sorted(row["features"] or (), key=lambda one: (one["rank"], one["key"]))
    features = (Allowed(one["key"], one["name"], one["kind"], one["free"]) for one in rows)
    grants: dict[str, tuple[Grant, ...]] = {}
    for one in row["grants"] or ():
        grant = Grant(
            value=one["value"],
            subscription_id=one["subscription"],
            starts_at=_instant(one["starts_at"]),
            ends_at=_instant(one["ends_at"]),
            until=_instant(one["until"]) if one["until"] else None,
        )
        grants[one["feature"]] = (*grants.get(one["feature"], ()), grant)
    return Holdings({one.key: one for one in features}, grants, bool(row["is_exempt"]))


def _instant(text: str) -> datetime:
    """Read an instant as a database writes it in JSON: SQLite leaves out that it is UTC."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
