"""A text that is too long for one post, cut into several where a reader would pause."""

import re
from typing import TYPE_CHECKING

from sns.text.found import find
from sns.text.units import GRAPHEME, fits

if TYPE_CHECKING:
    from sns.networks.protocol import Rules

PAUSES = (re.compile(r"\n\s*\n"), re.compile(r"(?<=[.!?…])\s|(?<=[。！？])|\n"))
LEAST_OF_A_PART = 0.5  # of what would fit; a pause before that is not worth a part
WINDOW = 20  # times the limit, in characters: further ahead nothing could fit


def split(text: str, rules: "Rules", *, most_parts: int) -> list[str]:
    """Return the parts of a text, each as long as fits, in at most so many: what is left over
    stays in the last. Words are cut only if they are longer than a part; links, mentions and
    hashtags never are.
    """
    rest = text.strip()
    parts: list[str] = []
    while rest and len(parts) < most_parts - 1 and not fits(rest, rules):
        window = rest[: WINDOW * (rules.most or len(rest))]
        at = _cut(window, rules)
        if at >= len(rest):
            break
        parts.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*parts, rest] if rest or not parts else parts


def _cut(text: str, rules: "Rules") -> int:
    """Return where the first part ends. More than fits is in it only if it can't be cut."""
    furthest = _furthest(text, rules)
    longest = text[:furthest]
    for pause in PAUSES:
        ends = [match.end() for match in pause.finditer(longest)]
        if ends and ends[-1] >= LEAST_OF_A_PART * furthest:
            return ends[-1]
    if text[furthest : furthest + 1].isspace():
        return furthest
    spaces = [match.start() for match in re.finditer(r"\s+", longest)]
    return spaces[-1] if spaces else furthest


def _furthest(text: str, rules: "Rules") -> int:
    """Return the end of the longest beginning that fits and may be cut off."""
    inside = [(found.start, found.end) for found in find(text)]
    places = [match.end() for match in GRAPHEME.finditer(text)]
    places = [at for at in places if not any(start < at < end for start, end in inside)]
    low, high = 0, len(places) - 1  # places[0] has to do, whether it fits or not
    while low < high:
        middle = (low + high + 1) // 2
        if fits(text[: places[middle]], rules):
            low = middle
        else:
            high = middle - 1
    return places[low]
