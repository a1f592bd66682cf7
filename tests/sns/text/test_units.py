"""How long a text is: in what readers see, and as Mastodon counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sns.networks.protocol import PictureRules, Rules
from sns.text.units import fits, graphemes, measure

PICTURES = PictureRules(most=4, most_bytes=1_000_000, longest_edge=2000)
MASTODON = Rules("graphemes", 500, PICTURES, url_length=23, counts_mention_domain=False)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("kimchi", 6),
        ("김치", 2),
        ("\u1100\u1161\u11a8", 1),  # 각, in three letters
        ("e\u0301", 1),
        ("👨‍👩‍👧‍👦", 1),
        ("👍🏽", 1),
        ("🇰🇷🇩🇪", 2),
        ("नमस्ते", 3),
        ("\r\n", 1),
        ("1️⃣", 1),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 1),
    ],
)
def test_counts_what_a_reader_sees(text, count):
    assert graphemes(text) == count


@given(st.text(), st.text())
def test_two_texts_are_no_longer_than_both(one, other):
    assert graphemes(one + other) <= graphemes(one) + graphemes(other)
    assert graphemes(one) <= len(one)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("https://a.example/" + "x" * 400, 23),
        ("see http://a.b", 27),
        ("@ana@mastodon.example hello", 10),
        ("@ana hello", 10),
        ("ana@mastodon.example", 20),
        ("a https://a.example/@ana@b.example b", 27),
        ("👍🏽 https://a.example/.", 26),
    ],
)
def test_counts_as_mastodon_does(text, count):
    assert measure(text, MASTODON) == count


def test_bytes_are_limited_too():
    rules = Rules("graphemes", 300, PICTURES, most_bytes=3000)
    family = "👨‍👩‍👧‍👦"  # 25 bytes
    assert fits(family * 120, rules)
    assert not fits(family * 121, rules)
    assert not fits("x" * 301, rules)
