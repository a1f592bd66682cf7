"""What servers answer, read with care: it may be anything, of any size, and lies in our database
later.
"""

import json
from typing import Any

from django.utils.translation import gettext as _

from sns.networks.protocol import Answered, NetworkLater
from softfactory.kernel.outbound import Reply

MOST_KEPT = 1_000  # characters of an answer
MOST_COUNTED = 2_000_000_000
REQUEST_IDS = ("X-Request-Id", "X-Request-ID", "CF-Ray")


def document_of(reply: Reply) -> dict[str, Any]:
    """Return the object that an answer is; an empty one if it is something else."""
    document = _read(reply)
    return document if isinstance(document, dict) else {}


def list_of(reply: Reply) -> list[dict[str, Any]]:
    """Return the objects that an answer lists.

    Raises NetworkLater if it lists nothing: a page that says "back soon" does not say that a post
    is not there.
    """
    rows = _read(reply)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise NetworkLater(said(reply), answered=answered(reply))
    return rows


def words(value: Any, *, most: int = 500) -> str:
    """Return a text or a number as a text that can be kept; "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return _clean(str(value)[:most])


def page(value: Any) -> str:
    """Return the address of a page that somebody may be led to; "" for anything else."""
    address = words(value, most=2_000)
    return address if address.startswith(("https://", "http://")) else ""


def number(value: Any) -> int:
    """Return a count; 0 for anything else."""
    if isinstance(value, bool) or not isinstance(value, int):
        return 0
    return min(max(value, 0), MOST_COUNTED)


def said(reply: Reply) -> str:
    """Return what an answer says of itself, in its own words, else its status."""
    document = document_of(reply)
    for name in ("message", "error_description", "error", "detail", "title"):
        if isinstance(document.get(name), str) and document[name]:
            return words(document[name], most=MOST_KEPT)
    return _("It answered %(status)s.") % {"status": reply.status}


def answered(reply: Reply) -> Answered:
    """Return what of an answer is kept. Successes may hold secrets: of them, nothing is."""
    text = _clean(reply.body[:MOST_KEPT].decode(errors="replace")) if reply.status >= 400 else ""
    request_id = next((reply.headers[name] for name in REQUEST_IDS if name in reply.headers), "")
    return Answered(reply.status, words(request_id, most=200), text)


def _read(reply: Reply) -> Any:
    try:
        return json.loads(reply.body)
    except (ValueError, RecursionError):
        return None


def _clean(text: str) -> str:
    """Leave out what no database keeps: half characters, and the one that is none."""
    return text.encode(errors="replace").decode().replace("\0", "�")
