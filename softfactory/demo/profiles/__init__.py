"""The chefs whom somebody wrote by hand; the demo's first ones, Ben before all."""

from itertools import chain, zip_longest

from softfactory.demo.profiles.abroad import ABROAD
from softfactory.demo.profiles.korea import KOREA
from softfactory.demo.profiles.profile import Profile

# Home and abroad take turns, so that a first page of chefs shows how far they are spread.
PROFILES: tuple[Profile, ...] = tuple(filter(None, chain.from_iterable(zip_longest(KOREA, ABROAD))))
