"""How long a text is, in the unit of a network."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import regex

from sns.text.found import Found, find

if TYPE_CHECKING:
    from sns.networks.protocol import Rules

# What a reader takes for one character (UAX 29): a family of emoji is one, and so is 각.
GRAPHEME = regex.compile(r"\X")
# Two letters that are a flag. `\X` takes ever longer for a long row of them; a letter with its
# accent takes as much room, and is one character too.
FLAG, AS_LONG = regex.compile("[\U0001f1e6-\U0001f1ff]{2}"), "x\u0301"


def graphemes(text: str) -> int:
    """Return how many characters a reader sees."""
    return sum(1 for _ in clusters(text))


def clusters(text: str) -> Iterator[tuple[int, int]]:
    """Go through what readers take for one character: from where to where each of them is."""
    return (match.span() for match in GRAPHEME.finditer(FLAG.sub(AS_LONG, text)))


def measure(text: str, rules: "Rules") -> int:
    """Return how much of a network's limit a text takes."""
    if rules.url_length is None and rules.counts_mention_domain:
        return _length(text, rules)
    pieces, at = [], 0
    for found in find(text):
        if found.kind != "hashtag":
            pieces += [text[at : found.start], "x" * counted_as(found, text, rules)]
            at = found.end
    return _length("".join([*pieces, text[at:]]), rules)


def fits(text: str, rules: "Rules") -> bool:
    """Tell whether a network takes a text of this length."""
    if rules.most_bytes is not None and len(text.encode(errors="replace")) > rules.most_bytes:
        return False
    return rules.most is None or measure(text, rules) <= rules.most


def counted_as(found: Found, text: str, rules: "Rules") -> int:
    """Return how much of the limit a link, a mention or a hashtag takes."""
    if found.kind == "link" and rules.url_length is not None:
        return rules.url_length
    if found.kind == "mention" and not rules.counts_mention_domain:
        return 1 + len(found.value.partition("@")[0])
    return _length(text[found.start : found.end], rules)


def _length(text: str, rules: "Rules") -> int:
    return graphemes(text) if rules.unit == "graphemes" else len(text)
