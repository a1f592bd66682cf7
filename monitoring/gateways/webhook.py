"""Alerts by webhook: signed JSON."""

import json
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from monitoring.gateways import Undelivered
from monitoring.models import AlertChannel, AlertDelivery
from softfactory.kernel import clock, outbound
from softfactory.kernel.outbound import OutboundError, Refused, Reply
from softfactory.kernel.webhooks import GONE, is_taken, post, retry_after


def send_webhook(delivery: AlertDelivery) -> None:
    """Send it. Raises Undelivered."""
    alert, rule = delivery.alert, delivery.alert.rule
    at = alert.resolved_at if delivery.transition == "resolved" else alert.fired_at
    content = {
        "id": alert.pk,
        "state": delivery.transition,
        "rule": rule.key,
        "name": rule.name,
        "severity": rule.severity,
        "metric": rule.metric,
        "comparison": rule.comparison,
        "threshold": alert.threshold,
        "unit": rule.unit,
        "value": alert.fired_value if delivery.transition == "firing" else alert.last_value,
        "worst_value": alert.worst_value,
        "since": _written(alert.opened_at),
        "fired_at": _written(alert.fired_at),
        "resolved_at": _written(alert.resolved_at),
        "look_at": {"text": rule.look_at, "url": f"{settings.SITE_URL}{rule.look_at_path}"},
    }
    message_id = f"msg_{delivery.message_id.hex}"
    _post(delivery.channel, f"alert.{delivery.transition}", at, content, message_id)


def send_test_webhook(channel: AlertChannel) -> None:
    """Send a message that tells of nothing. Raises Undelivered."""
    message_id = f"msg_{secrets.token_hex(16)}"
    _post(channel, "alert.test", clock.now(), {"url": settings.SITE_URL}, message_id)


def send_heartbeat(channel: AlertChannel) -> None:
    """Call the channel's address, with nothing to say. Raises Undelivered."""
    _require_taken(channel, lambda: outbound.call("POST", channel.address))


def _written(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _post(
    channel: AlertChannel, kind: str, at: datetime | None, content: Any, message_id: str
) -> None:
    document = {"type": kind, "timestamp": _written(at), "data": content}
    body = json.dumps(document, ensure_ascii=False).encode()
    _require_taken(
        channel,
        lambda: post(channel.address, body, message_id=message_id, signed_with=[channel.secret]),
    )


def _require_taken(channel: AlertChannel, call: Callable[[], Reply]) -> None:
    try:
        reply = call()
    except OutboundError as error:
        raise Undelivered(str(error), is_permanent=isinstance(error, Refused)) from None
    if is_taken(reply):
        return
    raise Undelivered(
        _("%(host)s answered %(status)s.") % {"host": channel, "status": reply.status},
        is_permanent=reply.status == GONE,
        retry_after=retry_after(reply.headers, now=clock.now()),
    )
