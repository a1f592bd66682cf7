"""Writes a guest's review out of hand-written sentences: opening, dish, moment, closing."""

from random import Random
from types import ModuleType

from softfactory.demo.reviews import good, great, korean, mixed, poor

type Band = tuple[tuple[str, ...], ...]
type Bands = dict[int, Band]  # by the stars given

# Which of opening, dish, moment and closing a review consists of; short ones are as common as in
# life, and every one has the dish or the moment, so that it tells something.
SHAPES = ((0, 1, 2, 3), (0, 1, 2), (0, 1, 3), (0, 2, 3), (0, 1), (1, 2), (1, 3), (1, 2, 3))


def _band(module: ModuleType) -> Band:
    return (module.OPENINGS, module.DISHES, module.MOMENTS, module.CLOSINGS)


ENGLISH: Bands = {5: _band(great), 4: _band(good), 3: _band(mixed), 2: _band(poor), 1: _band(poor)}
KOREAN: Bands = {5: korean.GREAT, 4: korean.GOOD, 3: korean.MIXED, 2: korean.POOR, 1: korean.POOR}
BANDS = {"en": ENGLISH, "ko": KOREAN}


def write_review(rng: Random, *, rating: int, language: str, **words: str) -> str:
    """Return a review of `rating` stars.

    `words` are what its sentences mention: chef, dish, praise, occasion, city and party.
    """
    band = BANDS[language][rating]
    sentences = (rng.choice(band[part]) for part in rng.choice(SHAPES))
    return " ".join(sentence.format_map(words) for sentence in sentences)
