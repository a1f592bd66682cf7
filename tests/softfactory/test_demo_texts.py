"""The demo's vocabulary: complete, fitting its columns, and varied however many are asked for."""

import string
from datetime import date
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from bookings.models import Chef
from softfactory.demo.cuisines import BY_NAME, CUISINES
from softfactory.demo.kitchens import draw_kitchen
from softfactory.demo.names import FAMILY, GIVEN
from softfactory.demo.occasions import OCCASIONS, draw_request
from softfactory.demo.people import draw_customers, owner_of
from softfactory.demo.places import BY_CITY, PLACES
from softfactory.demo.profiles import PROFILES
from softfactory.demo.reviews import BANDS, write_review
from softfactory.demo.stories import party
from softfactory.kernel.money import EXPONENTS

TODAY = date(2026, 4, 2)
WORDS = dict.fromkeys(("chef", "dish", "praise", "occasion", "city", "party"), "…")
SENTENCES = [
    sentence
    for bands in BANDS.values()
    for band in bands.values()
    for part in band
    for sentence in part
]


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_written_chefs_are_complete(profile):
    assert profile.city in BY_CITY
    assert profile.picture in BY_NAME[profile.cuisine].pictures
    assert 2 <= profile.bio.count(". ") + profile.bio.count("? ") + 1 <= 5
    assert min(profile.session, profile.hourly, profile.guest) > 0


def test_written_chefs_differ():
    assert PROFILES[0].name == "Ben Hwang"
    for column in ("name", "given_name", "bio"):
        assert len({getattr(profile, column) for profile in PROFILES}) == len(PROFILES) == 32


def test_every_picture_is_a_drawing_of_ours():
    drawings = {path.stem for path in Path(settings.BASE_DIR, "static/src/pictures").glob("*.svg")}
    pictures = {picture for cuisine in CUISINES for picture in cuisine.pictures}
    assert pictures <= drawings


def test_places_have_real_zones_and_known_currencies():
    for place in PLACES:
        assert ZoneInfo(place.timezone)
        assert place.tariff.currency in EXPONENTS
        assert set(place.people) <= GIVEN.keys()
    assert {cuisine.people for cuisine in CUISINES} <= GIVEN.keys() == FAMILY.keys()


def test_sentences_mention_only_what_is_known():
    fields = {name for text in SENTENCES for _, name, _, _ in string.Formatter().parse(text)}
    assert fields - {None} == set(WORDS)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("rating", [1, 2, 3, 4, 5])
def test_reviews_vary(language, rating):
    rng = Random(1)
    written = {write_review(rng, rating=rating, language=language, **WORDS) for _ in range(200)}
    assert len(written) > 120


@pytest.mark.parametrize("language", ["en", "ko"])
def test_four_in_ten_customers_ask_for_nothing_special(language):
    rng = Random(1)
    asked = [draw_request(rng, rng.choice(OCCASIONS), language) for _ in range(1000)]
    assert 350 < asked.count("") < 450


@pytest.mark.parametrize(
    ("guests", "words"),
    [(1, "just me"), (2, "the two of us"), (7, "seven of us"), (40, "40 of us")],
)
def test_guests_count_themselves(guests, words):
    assert party(guests) == words


def test_a_chef_is_the_same_however_many_there_are():
    assert draw_kitchen(1, 57, today=TODAY) == draw_kitchen(1, 57, today=TODAY)
    assert draw_kitchen(1, 57, today=TODAY) != draw_kitchen(2, 57, today=TODAY)
    assert draw_customers(1, 9) == draw_customers(1, 30)[:9]


def test_thousands_of_chefs_have_addresses_of_their_own_and_varied_bios():
    profiles = [draw_kitchen(1, n, today=TODAY).profile for n in range(2000)]
    people = [owner_of(n, profile) for n, profile in enumerate(profiles)]
    people += draw_customers(1, 2000)
    assert len({person.email for person in people}) == 4000
    assert len({person.token for person in people}) == 4000
    assert len({profile.bio for profile in profiles}) > 1900


def test_generated_chefs_fit_their_columns():
    lengths = {
        field.name: field.max_length for field in Chef._meta.fields if field.max_length is not None
    }
    for n in range(len(PROFILES), 500):
        kitchen = draw_kitchen(1, n, today=TODAY)
        assert len(kitchen.profile.name) <= lengths["name"]
        assert kitchen.profile.picture in kitchen.cuisine.pictures
        assert "{" not in kitchen.profile.bio
