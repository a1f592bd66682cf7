"""Posts as Bluesky stores them (lexicon app.bsky.feed.post): text, ranges of its bytes, embeds."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sns.networks.protocol import Content, Part, Picture
from sns.text.found import Found, bytes_of, find
from sns.text.units import graphemes

POST: Final = "app.bsky.feed.post"
FACET: Final = "app.bsky.richtext.facet"
LONGEST_TAG = 64  # graphemes

# Record keys of posts are time stamps (atproto.com/specs/tid): 53 bits of microseconds, 10 bits of
# a clock's number, in an alphabet that sorts.
ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
LENGTH = 13
CLOCK_BITS, SPREAD_BITS = 10, 32

type Strong = Mapping[str, str]  # a record's address and the hash of what it was


def record_key(key: str, number: int, created_at: datetime) -> str:
    """Return the key of one part of a post: always the same, and nobody else's.

    A time alone is not enough, as a thousand posts may be due at once: 42 bits of the key's hash go
    into it, as the clock's number and as a moment in the 71 minutes before.
    """
    digest = int.from_bytes(hashlib.sha256(f"{key}/{number}".encode()).digest()[:8])
    clock = digest & ((1 << CLOCK_BITS) - 1)
    spread = (digest >> CLOCK_BITS) & ((1 << SPREAD_BITS) - 1)
    at = (created_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) - spread
    stamp = (at << CLOCK_BITS) | clock
    return "".join(ALPHABET[(stamp >> 5 * place) & 31] for place in reversed(range(LENGTH)))


def record_of(
    content: Content,
    number: int,
    *,
    embed: Mapping[str, Any] | None,
    replies_to: tuple[Strong, Strong] | None,
    did_of: Callable[[str], str | None],
) -> dict[str, Any]:
    """Return a part of a post as a record. It follows from the post alone, to the byte."""
    part = content.parts[number]
    at = content.created_at.astimezone(UTC) + timedelta(milliseconds=number)
    record: dict[str, Any] = {
        "$type": POST,
        "text": part.text,
        "createdAt": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    if facets := facets_of(part, did_of):
        record["facets"] = facets
    if embed:
        record["embed"] = embed
    if replies_to:
        root, parent = replies_to
        record["reply"] = {"root": root, "parent": parent}
    return record


def facets_of(part: Part, did_of: Callable[[str], str | None]) -> list[dict[str, Any]]:
    """Return what in the text is a link, a hashtag, or a mention of somebody who is there."""
    facets = []
    for found in find(part.text):
        if feature := _feature(found, did_of):
            start, end = bytes_of(part.text, found)
            index = {"byteStart": start, "byteEnd": end}
            facets.append({"index": index, "features": [feature]})
    return facets


def images(pictures: Sequence[Picture], blobs: Sequence[Any]) -> dict[str, Any]:
    """Return pictures, once they are uploaded, as an embed."""
    shown = [
        {
            "alt": picture.alt,
            "image": blob,
            "aspectRatio": {"width": picture.width, "height": picture.height},
        }
        for picture, blob in zip(pictures, blobs, strict=True)
    ]
    return {"$type": "app.bsky.embed.images", "images": shown}


def card(content: Content) -> dict[str, Any]:
    """Return the link of a post as a card."""
    external = {"uri": content.link, "title": content.title or content.link, "description": ""}
    return {"$type": "app.bsky.embed.external", "external": external}


def _feature(found: Found, did_of: Callable[[str], str | None]) -> dict[str, str] | None:
    if found.kind == "link":
        return {"$type": f"{FACET}#link", "uri": found.value}
    if found.kind == "hashtag":
        fits = graphemes(found.value) <= LONGEST_TAG
        return {"$type": f"{FACET}#tag", "tag": found.value} if fits else None
    did = did_of(found.value) if _is_handle(found.value) else None
    return {"$type": f"{FACET}#mention", "did": did} if did else None


def _is_handle(name: str) -> bool:
    return "." in name and "@" not in name and len(name) <= 253
