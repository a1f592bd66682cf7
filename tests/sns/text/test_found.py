"""Links, mentions and hashtags, and where in the bytes they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sns.text.found import bytes_of, find


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("See https://a.example/b.", ["https://a.example/b"]),
        ("(https://a.example/b_(c))", ["https://a.example/b_(c)"]),
        ("(https://a.example)", ["https://a.example"]),
        ("HTTPS://A.example?x=1&y=2#z!", ["HTTPS://A.example?x=1&y=2#z"]),
        ("https:// http://...", []),
        ("xhttps://a.example", []),
        ("https://김치.example/맛", ["https://김치.example/맛"]),
        ("보기「https://a.example」", ["https://a.example"]),
        ("https://a.example/@ana#x", ["https://a.example/@ana#x"]),
        ("@ana, @ana.bsky.social! @ana@b.example.", ["ana", "ana.bsky.social", "ana@b.example"]),
        ("mail ana@b.example", []),
        ("#김치 #Kimchi2027,#भारत (#a_b) #2027 a#b ##c", ["김치", "Kimchi2027", "भारत", "a_b"]),
        ("＃キムチ", ["キムチ"]),
    ],
)
def test_finds(text, expected):
    assert [found.value for found in find(text)] == expected


def test_knows_what_they_are():
    found = find("#a @b https://c.example")
    assert [(one.kind, one.start, one.end) for one in found] == [
        ("hashtag", 0, 2),
        ("mention", 3, 5),
        ("link", 6, 23),
    ]


PIECES = st.sampled_from(
    ["https://a.example/b", "#김치", "@ana@b.example", "👨‍👩‍👧 ", " ", ".", "é", "x"]
)


@given(st.lists(PIECES).map("".join) | st.text())
def test_bytes_are_those_of_the_characters(text):
    written = text.encode(errors="surrogatepass")
    if written != text.encode(errors="replace"):
        return  # a half character can't be sent
    before = 0
    for found in find(text):
        start, end = bytes_of(text, found)
        assert before <= start < end
        assert written[start:end].decode() == text[found.start : found.end]
        assert found.value in text[found.start : found.end]
        before = end
