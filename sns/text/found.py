"""Links, mentions and hashtags in a text, and where each of them stands."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import regex

type Kind = Literal["link", "mention", "hashtag"]

LINK = regex.compile(r"(?<![\p{L}\p{N}_])https?://[^\s<>\"\p{Cc}]+", regex.IGNORECASE)
# @ana, @ana@example.org as Mastodon has them, @ana.example.org as Bluesky does; no e-mail address.
MENTION = regex.compile(
    r"(?<![\p{L}\p{N}_@=/.])@(?P<value>[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*"
    r"(?:@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)?)"
)
# Letters of any script, with their marks and digits; of digits alone it is a number.
HASHTAG = regex.compile(
    r"(?<![\p{L}\p{M}\p{N}_#&/])[#＃](?P<value>[\p{L}\p{M}\p{N}_]*\p{L}[\p{L}\p{M}\p{N}_]*)"
)
ENDS_SENTENCE = ".,;:!?…'\"*_~。、！？"
CLOSING = {")": "(", "]": "[", "}": "{", "」": "「", "）": "（"}


@dataclass(frozen=True, slots=True)
class Found:
    """One of them: from `start` up to `end`, in characters. `value` is without its sign."""

    kind: Kind
    start: int
    end: int
    value: str


def find(text: str) -> list[Found]:
    """Return what is in a text, in order. A link's parts are nothing by themselves."""
    links = list(_links(text))
    ends = [link.end for link in links]
    kinds: tuple[tuple[Kind, regex.Pattern], ...] = (("mention", MENTION), ("hashtag", HASHTAG))
    others = [
        Found(kind, match.start(), match.end(), match["value"])
        for kind, pattern in kinds
        for match in pattern.finditer(text)
    ]
    apart = [found for found in others if not _meets(found, links, ends)]
    return sorted([*links, *apart], key=lambda found: found.start)


def bytes_of(text: str, found: Found) -> tuple[int, int]:
    """Return where something stands in the text as UTF-8, as Bluesky counts."""
    start = len(text[: found.start].encode())
    return start, start + len(text[found.start : found.end].encode())


def _links(text: str) -> Iterator[Found]:
    for match in LINK.finditer(text):
        link = _without_punctuation(match[0])
        if link.partition("://")[2]:
            yield Found("link", match.start(), match.start() + len(link), link)


def _meets(found: Found, links: list[Found], ends: list[int]) -> bool:
    at = bisect_right(ends, found.start)
    return at < len(links) and links[at].start < found.end


def _without_punctuation(link: str) -> str:
    """Leave out what ends the sentence around a link, and a bracket that was opened before it."""
    counts = Counter(link)
    end = len(link)
    while end:
        last = link[end - 1]
        opening = CLOSING.get(last)
        unopened = opening is not None and counts[last] > counts[opening]
        if last not in ENDS_SENTENCE and not unopened:
            break
        counts[last] -= 1
        end -= 1
    return link[:end]
