"""Events as Stripe sends them: whether they are Stripe's, and what they are about.

See https://docs.stripe.com/webhooks#verify-manually: the raw body, signed with a time in it.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from softfactory.kernel.problems import InvalidRequest

TOLERANCE = 300  # seconds between the signature's time and now


class Event(NamedTuple):
    """An event: its name, its kind, and the payment that it is about, if any."""

    event_id: str
    kind: str
    reference: str
    key: str


def read_event(body: bytes, signature: str, *, secrets: Sequence[str], now: datetime) -> Event:
    """Return the event in a body. Raises InvalidRequest if it is not signed, or is no event."""
    if not _is_signed(body, signature, secrets, now):
        message = _("This event is not signed with the secret that this site knows.")
        raise InvalidRequest("bad_signature", message)
    try:
        event = json.loads(body)
        about = event["data"]["object"]
        reference = about["id"] if about["object"] == "payment_intent" else _intent_of(about)
        metadata = about.get("metadata") or {}
        return Event(
            _text(event["id"]), _text(event["type"]), reference, str(metadata.get("key", ""))
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InvalidRequest("no_event", _("This is no event of Stripe's.")) from None


def _intent_of(about: dict[str, Any]) -> str:
    intent = about.get("payment_intent") or ""
    return intent if isinstance(intent, str) else intent["id"]


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 60:
        raise ValueError
    return value


def _is_signed(body: bytes, header: str, secrets: Sequence[str], now: datetime) -> bool:
    parts = [part.partition("=")[::2] for part in header.split(",")]
    times = [value for name, value in parts if name.strip() == "t"]
    signatures = [value for name, value in parts if name.strip() == "v1"]
    if len(times) != 1 or not (times[0].isascii() and times[0].isdecimal() and len(times[0]) < 12):
        return False
    if abs(now.timestamp() - int(times[0])) > TOLERANCE:
        return False
    signed = times[0].encode() + b"." + body
    wanted = [hmac.new(s.encode(), signed, hashlib.sha256).hexdigest() for s in secrets]
    return any(
        hmac.compare_digest(ours.encode(), theirs.encode("utf-8", "replace"))
        for ours in wanted
        for theirs in signatures
    )
