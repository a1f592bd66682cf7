"""Alerts by webhook: JSON, signed as Standard Webhooks has it (standardwebhooks.com)."""

import base64
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from monitoring.gateways import Undelivered
from monitoring.models import AlertChannel, AlertDelivery
from softfactory.kernel import clock, outbound
from softfactory.kernel.outbound import OutboundError, Refused

SECRET_PREFIX = "whsec_"
SECRET_BYTES = 32

GONE = 410


def new_secret() -> str:
    """Return a fresh signing secret, as both sides write it."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def is_secret(text: str) -> bool:
    """Tell whether this is a signing secret of 24 to 64 bytes."""
    try:
        key = base64.b64decode(text.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        return False
    return text.startswith(SECRET_PREFIX) and 24 <= len(key) <= 64


def signature(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """Return `v1,…`: who knows the secret can tell that id, time and body are ours."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


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
    _call(channel, b"", {})


def _written(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _post(
    channel: AlertChannel, kind: str, at: datetime | None, content: Any, message_id: str
) -> None:
    document = {"type": kind, "timestamp": _written(at), "data": content}
    body = json.dumps(document, ensure_ascii=False).encode()
    timestamp = int(clock.now().timestamp())
    signed = signature(channel.secret, message_id=message_id, timestamp=timestamp, body=body)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signed,
    }
    _call(channel, body, headers)


def _call(channel: AlertChannel, body: bytes, headers: Mapping[str, str]) -> None:
    try:
        reply = outbound.call("POST", channel.address, body=body, headers=headers)
    except OutboundError as error:
        raise Undelivered(str(error), is_permanent=isinstance(error, Refused)) from None
    if 200 <= reply.status < 300:
        return
    raise Undelivered(
        _("%(host)s answered %(status)s.") % {"host": channel, "status": reply.status},
        is_permanent=reply.status == GONE,
        retry_after=_retry_after(reply.headers.get("Retry-After", "")),
    )


def _retry_after(text: str) -> timedelta | None:
    """Read the header, which holds seconds or a date (RFC 9110, 10.2.3)."""
    if text.isascii() and text.isdecimal() and len(text) < 8:
        return timedelta(seconds=int(text))
    try:
        return max(parsedate_to_datetime(text) - clock.now(), timedelta())
    except (TypeError, ValueError):
        return None
