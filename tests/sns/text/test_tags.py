"""Marks on links, added once and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sns.text.tags import tag_link, tag_links

TAGS = {"utm_source": "bluesky", "utm_campaign": "kimchi & co", "other": "no", "utm_term": ""}
ADDED = "utm_source=bluesky&utm_campaign=kimchi+%26+co"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://a.example", f"https://a.example?{ADDED}"),
        ("https://a.example/b?x=%20y#z", f"https://a.example/b?x=%20y&{ADDED}#z"),
        (
            "https://a.example/?utm_source=mine",
            "https://a.example/?utm_source=mine&utm_campaign=kimchi+%26+co",
        ),
        ("mailto:ana@a.example", "mailto:ana@a.example"),
        ("https://[a", "https://[a"),
    ],
)
def test_marks_a_link(link, expected):
    assert tag_link(link, TAGS) == expected


def test_marks_the_links_of_a_text():
    assert tag_links("Go (https://a.example/b).", TAGS) == f"Go (https://a.example/b?{ADDED})."


@given(st.text())
def test_marks_once(text):
    marked = tag_links(text, TAGS)
    assert tag_links(marked, TAGS) == marked
