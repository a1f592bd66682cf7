"""A text that is too long for one post, cut into several where a reader would pause."""

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from sns.text.found import find
from sns.text.units import clusters, counted_as

if TYPE_CHECKING:
    from sns.networks.protocol import Rules

PAUSES = (re.compile(r"\n\s*\n"), re.compile(r"(?<=[.!?…])\s|(?<=[。！？])|\n"))
SPACE = re.compile(r"\s+")
LEAST_OF_A_PART = 0.5  # of what would fit; a pause before that is not worth a part


def split(text: str, rules: "Rules", *, most_parts: int) -> list[str]:
    """Return the parts of a text, each as long as fits, in at most so many: what is left over
    stays in the last. Words are cut only if they are longer than a part; links, mentions and
    hashtags never are. It takes as long as reading the text a few times.
    """
    text = text.strip()
    scale = _Scale(text, rules)
    parts: list[str] = []
    start = 0
    while len(parts) < most_parts - 1 and not scale.fits(start, len(text)):
        at = _pause(text, start, scale.furthest(start))
        if at >= len(text):
            break
        parts.append(text[start:at].rstrip())
        start = scale.after_blanks(at)
    return [*parts, text[start:]]


def _pause(text: str, start: int, furthest: int) -> int:
    """Return where to end a part that may go as far as that: at a pause, else between words."""
    longest = text[start:furthest]
    for pause in PAUSES:
        ends = [match.end() for match in pause.finditer(longest)]
        if ends and ends[-1] >= LEAST_OF_A_PART * len(longest):
            return start + ends[-1]
    if text[furthest : furthest + 1].isspace():
        return furthest
    blanks = [match.start() for match in SPACE.finditer(longest)]
    return start + blanks[-1] if blanks and blanks[-1] else furthest


class _Scale:
    """How much of a limit each beginning of a text takes, at all places where it may be cut."""

    def __init__(self, text: str, rules: "Rules") -> None:
        self._text = text
        self._rules = rules
        self._places, self._lengths, self._sizes = [0], [0], [0]
        entities = iter(find(text))
        entity = next(entities, None)
        length = size = 0
        for start, end in clusters(text):
            size += len(text[start:end].encode(errors="replace"))
            while entity is not None and entity.end <= start:
                entity = next(entities, None)
            if entity is None or end <= entity.start:
                length += 1 if rules.unit == "graphemes" else end - start
            elif end >= entity.end:
                length += counted_as(entity, text, rules)
            else:
                continue
            self._places.append(end)
            self._lengths.append(length)
            self._sizes.append(size)

    def fits(self, start: int, end: int) -> bool:
        """Tell whether what is between two places fits into a part."""
        return end <= start or self.furthest(start) >= end

    def furthest(self, start: int) -> int:
        """Return up to where a part may go, at least one place further."""
        at = bisect_left(self._places, start)
        last = len(self._places) - 1
        if self._rules.most is not None:
            last = bisect_right(self._lengths, self._lengths[at] + self._rules.most) - 1
        if self._rules.most_bytes is not None:
            most = self._sizes[at] + self._rules.most_bytes
            last = min(last, bisect_right(self._sizes, most) - 1)
        return self._places[min(max(last, at + 1), len(self._places) - 1)]

    def after_blanks(self, at: int) -> int:
        """Return the first place from there on after which there is something to read."""
        index = bisect_left(self._places, at)
        places = self._places
        while index + 1 < len(places) and self._text[places[index] : places[index + 1]].isspace():
            index += 1
        return places[index]
