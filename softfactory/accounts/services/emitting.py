"""Events: what happened is recorded with its deliveries, in the transaction in which it happens.

Where nobody listens nothing is recorded, and no query is made: who listens is kept in this process
for as long as no endpoint changes.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson
from django.db import models, transaction
from django.db.models import Subquery
from django.utils.translation import gettext as _

from softfactory.accounts.models import User, WebhookDelivery, WebhookEndpoint, WebhookEvent
from softfactory.kernel.db import generations
from softfactory.kernel.db.kept import Kept
from softfactory.kernel.models import Generation
from softfactory.kernel.nudges import nudge
from softfactory.kernel.problems import Conflict
from softfactory.kernel.registry import told

PING = "ping"

KEPT_FOR = timedelta(days=30)
AT_ONCE = 500


class Listener(NamedTuple):
    """An endpoint, and the types of events that it is told of."""

    endpoint_id: int
    types: frozenset[str]


type Listeners = Mapping[int, Collection[Listener]]  # by owner

ALL = "all"
_listeners: Kept[str, Listeners] = Kept(most=1)


def event_types() -> list[str]:
    """Return every type that an endpoint may be told of, in order."""
    return sorted(kind for kind, _tell in told.items())


def emit(kind: str, pk: int, *, to: Sequence[int], now: datetime) -> None:
    """Record that this happened to the row `pk`, for each of these users that listens.

    Call it in the transaction in which it happens: both commit, or neither does.
    """
    emit_each(kind, {pk: to}, now=now)


def emit_each(kind: str, rows: Mapping[int, Sequence[int]], *, now: datetime) -> None:
    """Record the same of several rows, by their ids. Who listens is looked up once."""
    listeners = _who_listens(next(iter(rows.values()))[0]) if rows else {}
    for pk, to in rows.items() if listeners else ():
        for owner_id in dict.fromkeys(to):
            listening = [one for one in listeners.get(owner_id, ()) if kind in one.types]
            if listening:
                endpoints = [one.endpoint_id for one in listening]
                _record(kind, told[kind](pk), owner_id, endpoints, now=now)


def send_ping(*, endpoint: WebhookEndpoint, now: datetime) -> WebhookDelivery:
    """Let an endpoint be told of nothing, whatever else it listens to; return the delivery.

    Raises Conflict for one that is off.
    """
    if not endpoint.is_active:
        raise endpoint_off()
    content = {"endpoint_id": endpoint.pk}
    return _record(PING, content, endpoint.owner_id, [endpoint.pk], now=now)[0]


def endpoint_off() -> Conflict:
    """Return the refusal to send something to an endpoint that is off."""
    return Conflict("endpoint_off", _("This endpoint is off. Switch it on first."))


def prune_events(now: datetime) -> int:
    """Forget events of 30 days ago that nothing is left to be done about; return how many.

    Endpoints deleted by then go too.
    """
    old = WebhookEvent.objects.filter(created_at__lt=now - KEPT_FOR)
    over = old.exclude(deliveries__state=WebhookDelivery.State.WAITING)
    pks = list(over.values_list("pk", flat=True)[:AT_ONCE])
    WebhookEvent.objects.filter(pk__in=pks).delete()
    deleted = WebhookEndpoint.objects.forgettable(deleted_before=now - KEPT_FOR)
    if deleted.exists():  # a write, even of nothing, would have everybody look who listens
        deleted.delete()
    return len(pks)


def _who_listens(user_id: int) -> Listeners:
    """Return all that listen: without any query if they are kept, else by one, about this user."""
    known = _listeners.get(ALL)
    return _read(user_id) if known is None else known


def _read(user_id: int) -> Listeners:
    asked = time.monotonic()
    row = _rows(user_id).first()
    if row is None:  # the user is gone
        return {}
    names = sorted(generations.followed("webhooks"))
    numbers = dict(zip(names, (row["number"], row["number_of_some"]), strict=True))
    found: dict[int, list[Listener]] = {}
    for one in row["listening"] or ():
        types = one["types"]
        if isinstance(types, str):  # SQLite writes JSON within JSON as a text
            types = orjson.loads(types)
        found.setdefault(one["owner"], []).append(Listener(one["id"], frozenset(types)))
    if generations.are_committed(names):
        generations.learn(numbers, asked)
        _listeners.keep(ALL, found, numbers)
    return found


def _rows(user_id: int) -> models.QuerySet[Any, Any]:
    """The one row of all that listen, with its generations, all of one moment."""
    return User.objects.filter(pk=user_id).values(
        listening=Subquery(WebhookEndpoint.objects.told().as_one_row()),
        number=Generation.number_of("webhooks"),
        number_of_some=Generation.number_of(generations.some("webhooks")),
    )


def _record(
    kind: str, content: Mapping[str, Any], owner_id: int, endpoints: list[int], *, now: datetime
) -> list[WebhookDelivery]:
    with transaction.atomic():
        event = WebhookEvent.objects.create(
            owner_id=owner_id,
            type=kind,
            content=orjson.loads(orjson.dumps(content, option=orjson.OPT_UTC_Z)),
            created_at=now,
        )
        deliveries = WebhookDelivery.objects.bulk_create(
            WebhookDelivery(event=event, endpoint_id=endpoint_id, due_at=now, created_at=now)
            for endpoint_id in endpoints
        )
        nudge("accounts.webhooks", event.pk, can_wait=True)
    return deliveries
