"""Threads: every part fits, nothing is lost, and neither words nor links are cut."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sns.networks.protocol import PictureRules, Rules
from sns.text.found import find
from sns.text.threads import split
from sns.text.units import fits

PICTURES = PictureRules(most=4, most_bytes=1_000_000, longest_edge=2000)
TWENTY = Rules("graphemes", 20, PICTURES)
LINKS_ARE_FIVE = Rules("graphemes", 20, PICTURES, url_length=5)


def parts(text, rules=TWENTY, most=25):
    return split(text, rules, most_parts=most)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [""]),
        ("  fits  ", ["fits"]),
        ("one two three four five six", ["one two three four", "five six"]),
        ("It is late now. Go home, all of you", ["It is late now.", "Go home, all of you"]),
        ("a short paragraph\n\nand another one", ["a short paragraph", "and another one"]),
        ("x" * 45, ["x" * 20, "x" * 20, "x" * 5]),
        ("👨‍👩‍👧‍👦" * 21, ["👨‍👩‍👧‍👦" * 20, "👨‍👩‍👧‍👦"]),
        ("twelve chars https://a.example/b", ["twelve chars", "https://a.example/b"]),
        (
            "see https://a.example/longer-than-that ok",
            ["see", "https://a.example/longer-than-that", "ok"],
        ),
        (
            "긴 글은 여러 조각이 됩니다. 낱말은 자르지 않습니다.",
            ["긴 글은 여러 조각이 됩니다.", "낱말은 자르지 않습니다."],
        ),
    ],
)
def test_cuts_where_a_reader_pauses(text, expected):
    assert parts(text) == expected


def test_a_link_counts_for_what_it_counts():
    text = "twelve chars https://a.example/longer-than-that"
    assert parts(text, LINKS_ARE_FIVE) == [text]


def test_what_is_too_much_stays_in_the_last_part():
    assert parts("one two three four five six seven eight nine", most=2) == [
        "one two three four",
        "five six seven eight nine",
    ]


WORDS = st.sampled_from(
    [
        "김치",
        "kimchi",
        "https://a.example/b",
        "#kimchi",
        "👨‍👩‍👧‍👦",
        "end.",
        "e\u0301t\u0301e",
        "@ana.example",
    ]
)
SPACES = st.sampled_from([" ", " ", "\n", "\n\n"])
TEXTS = st.lists(st.tuples(WORDS, SPACES).map("".join), max_size=40).map("".join)


@given(TEXTS)
def test_loses_nothing_and_fits(text):
    cut = parts(text, most=100)
    assert "".join("".join(cut).split()) == "".join(text.split())
    assert all(fits(part, TWENTY) for part in cut)
    assert " ".join(cut).split() == text.split()
    found = [one.value for part in cut for one in find(part)]
    assert found == [one.value for one in find(text)]


@given(st.text(max_size=200))
def test_any_text_comes_to_an_end(text):
    cut = parts(text, most=1000)
    assert "".join("".join(cut).split()) == "".join(text.split())


@given(TEXTS)
def test_counts_as_units_do(text):
    for rules in (TWENTY, LINKS_ARE_FIVE):
        whole = split(text, rules, most_parts=1)
        assert (len(split(text, rules, most_parts=2)) == 1) is fits(whole[0], rules)


@pytest.mark.parametrize(
    "text",
    [
        "@a " * 6_000,
        "https://a @b " * 1_500,
        "https://a." + ")" * 20_000,
        "\U0001f1f0" * 20_000,
        "#" + "1" * 20_000,
        "a" + "\n " * 10_000 + "b",
    ],
    ids=["mentions", "links", "brackets", "flags", "digits", "blanks"],
)
def test_long_texts_take_no_longer_for_being_odd(text):
    started = time.process_time()
    parts(text)
    fits(text, LINKS_ARE_FIVE)
    assert time.process_time() - started < 2  # they took a minute and a half, some of them
