"""How long a text is, in the unit of a network."""

from typing import TYPE_CHECKING

import regex

from sns.text.found import find

if TYPE_CHECKING:
    from sns.networks.protocol import Rules

# What a reader takes for one character (UAX 29): a family of emoji is one, and so is 각.
GRAPHEME = regex.compile(r"\X")


def graphemes(text: str) -> int:
    """Return how many characters a reader sees."""
    return sum(1 for _ in GRAPHEME.finditer(text))


def measure(text: str, rules: "Rules") -> int:
    """Return how much of a network's limit a text takes."""
    counted = _as_counted(text, rules)
    return graphemes(counted) if rules.unit == "graphemes" else len(counted)


def fits(text: str, rules: "Rules") -> bool:
    """Tell whether a network takes a text of this length."""
    if rules.most_bytes is not None and len(text.encode()) > rules.most_bytes:
        return False
    return rules.most is None or measure(text, rules) <= rules.most


def _as_counted(text: str, rules: "Rules") -> str:
    """Return the text with links, and mentions' domains, replaced by what they count for."""
    if rules.url_length is None and rules.counts_mention_domain:
        return text
    pieces, at = [], 0
    for found in find(text):
        if found.kind == "link" and rules.url_length is not None:
            counted = "x" * rules.url_length
        elif found.kind == "mention" and not rules.counts_mention_domain:
            counted = f"@{found.value.partition('@')[0]}"
        else:
            continue
        pieces += [text[at : found.start], counted]
        at = found.end
    return "".join([*pieces, text[at:]])
