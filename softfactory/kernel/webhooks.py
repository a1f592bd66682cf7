"""Messages to other people's servers, signed as Standard Webhooks has it (standardwebhooks.com)."""

import base64
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from softfactory.kernel import clock, outbound
from softfactory.kernel.outbound import USUAL, Limits, Reply

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


def post(
    url: str,
    body: bytes,
    *,
    message_id: str,
    signed_with: Sequence[str],
    limits: Limits = USUAL,
) -> Reply:
    """Send a message, with a signature for each secret that may be known on the other side.

    Whoever is sent one again knows it by its id. Returns the answer, whatever its status; raises
    OutboundError.
    """
    timestamp = int(clock.now().timestamp())
    signatures = [
        signature(secret, message_id=message_id, timestamp=timestamp, body=body)
        for secret in signed_with
    ]
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
    return outbound.call("POST", url, body=body, headers=headers, limits=limits)


def is_taken(reply: Reply) -> bool:
    """Tell whether the other side took the message; one that leads elsewhere did not."""
    return 200 <= reply.status < 300


def retry_after(headers: Mapping[str, str], *, now: datetime) -> timedelta | None:
    """Return how long the other side asks us to wait: seconds, or a date (RFC 9110, 10.2.3)."""
    text = headers.get("Retry-After", "")
    if text.isascii() and text.isdecimal() and len(text) < 8:
        return timedelta(seconds=int(text))
    try:
        return max(parsedate_to_datetime(text) - now, timedelta())
    except (TypeError, ValueError):
        return None
