"""Statuses of an account, and which of them are the parts of a post of ours."""

import html
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from sns.networks.answers import list_of, words
from sns.networks.calls import Server
from sns.networks.protocol import Content, NetworkLater, Part
from sns.text.found import find

NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
PAGE: Final = 40
MOST_PAGES: Final = 10
LONGEST: Final = 200_000  # of a status as HTML
SKEW: Final = timedelta(minutes=5)  # by which a server's clock may be behind ours
LINE_END, TAG = re.compile(r"<(?:/?p|br)\b[^>]*>"), re.compile(r"<[^>]*>")

type Status = Mapping[str, Any]


def parts_there(
    server: Server, account: str, written: Content, *, known: Collection[str]
) -> list[Status]:
    """Return the statuses that are the first parts of a post, as far as they are there.

    A part is known by its text and pictures, by being no older than the post, and by what it
    replies to. `known` are other posts' names.
    """
    others = {name.split()[0] for name in known if name}
    statuses = list(_since(server, account, written.created_at - SKEW))
    statuses.reverse()  # the oldest first
    there: list[Status] = []
    for part in written.parts:
        before = str(there[-1]["id"]) if there else None
        status = next(
            (
                status
                for status in statuses
                if status.get("in_reply_to_id") == before
                and str(status.get("id")) not in others
                and _is(part, status)
            ),
            None,
        )
        if status is None:
            break
        there.append(status)
    return there


def ids_of(statuses: Sequence[Status]) -> str:
    """Return the name of all of these."""
    return " ".join(str(status["id"]) for status in statuses)


def is_name(text: str) -> bool:
    """Tell whether this may be what a server calls something: it becomes a part of addresses."""
    return NAME.fullmatch(text) is not None


def _since(server: Server, account: str, since: datetime) -> Iterator[Status]:
    """Go through an account's statuses, the newest first, back to a time."""
    asked = {"limit": str(PAGE), "exclude_reblogs": "true"}
    for _page in range(MOST_PAGES):
        rows = list_of(server.read(f"/api/v1/accounts/{account}/statuses", asked))
        for row in rows:
            if _at(row) < since:
                return
            yield row
        if len(rows) < PAGE:
            return
        asked["max_id"] = str(rows[-1]["id"])


def _at(status: Status) -> datetime:
    """Return since when a status is there. Raises NetworkLater for what is none."""
    try:
        at = datetime.fromisoformat(words(status.get("created_at")))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not is_name(words(status.get("id"))):
        raise NetworkLater(_("Its list of posts can't be read."))
    return at


def _is(part: Part, status: Status) -> bool:
    """Tell whether a status says what a part says, and shows pictures of the same descriptions."""
    shown = status.get("media_attachments")
    described = [
        _squeezed(words(picture.get("description"), most=LONGEST))
        for picture in (shown if isinstance(shown, list) else [])
        if isinstance(picture, dict)
    ]
    return _squeezed(_text_in(words(status.get("content"), most=LONGEST))) == _squeezed(
        part.text
    ) and (described == [_squeezed(picture.alt) for picture in part.pictures])


def _text_in(content: str) -> str:
    """Return what a reader of the HTML reads."""
    return html.unescape(TAG.sub("", LINE_END.sub("\n", content)))


def _squeezed(text: str) -> str:
    """Return a text without what a server changes in it: blanks, and the domains of mentions."""
    pieces, at = [], 0
    for found in find(text):
        if found.kind == "mention":
            pieces += [text[at : found.start], f"@{found.value.partition('@')[0]}"]
            at = found.end
    return "".join("".join([*pieces, text[at:]]).split())
