"""What is amiss with a post, before it is sent."""

import pytest

from sns.networks.checks import issues_of
from sns.networks.protocol import PictureRules, Rules, is_blocking
from sns.networks.written import shows_card, with_link
from tests.sns.posts import make_content, make_picture

PICTURES = PictureRules(
    most=2, most_bytes=100, longest_edge=2000, types=("image/png",), longest_alt=5, most_pixels=4
)
RULES = Rules("graphemes", 20, PICTURES, most_bytes=60, has_threads=True, has_cards=True)
BARE = Rules("characters", 20, PICTURES, needs_title=True)


def codes(content, rules=RULES):
    return [(issue.code, issue.part) for issue in issues_of(content, rules)]


def test_a_good_post_has_no_issues():
    picture = make_picture(alt="A dot")
    assert issues_of(make_content("Hello", "there", pictures=(picture,)), RULES) == []
    assert issues_of(make_content("Hello", title="Kimchi"), BARE) == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (make_content("  "), [("empty", 0)]),
        (make_content("ok", "x" * 21), [("too_long", 1)]),
        (make_content("👨‍👩‍👧‍👦" * 3), [("too_long", 0)]),
        (make_content(*["x"] * 26), [("too_many_parts", 0)]),
        (make_content("x", pictures=(make_picture(alt=" "),)), [("alt_missing", 0)]),
        (make_content("x", pictures=(make_picture(alt="x" * 6),)), [("alt_too_long", 0)]),
        (
            make_content("x", pictures=(make_picture(alt="x", content_type="image/gif"),)),
            [("picture_type", 0)],
        ),
        (
            make_content("x", pictures=(make_picture(alt="x", content=b"x" * 101),)),
            [("picture_too_large", 0)],
        ),
        (
            make_content("x", pictures=(make_picture(alt="x", width=5),)),
            [("picture_too_large", 0)],
        ),
        (
            make_content("x", pictures=(make_picture(alt="x"),) * 3),
            [("too_many_pictures", 0)],
        ),
    ],
)
def test_says_what_is_amiss(content, expected):
    assert codes(content) == expected


def test_says_by_how_much():
    (issue,) = issues_of(make_content("x" * 23), RULES)
    assert issue.message == "3 characters too many. Shorten it."


def test_threads_and_titles_are_not_everywheres():
    assert codes(make_content("a", "b"), BARE) == [("title_missing", 0), ("no_threads", 0)]


def test_a_missing_description_is_a_reminder_unless_it_is_required():
    content = make_content("x", pictures=(make_picture(alt=""),))
    assert not is_blocking(issues_of(content, RULES))
    required = PictureRules(1, 100, 2000, is_alt_required=True)
    assert is_blocking(issues_of(content, Rules("graphemes", 20, required)))


def test_a_link_is_a_card_or_after_the_text():
    content = make_content("Hello", link="https://a.b")
    pictured = make_content("Hello", link="https://a.b", pictures=(make_picture(),))

    assert shows_card(content, RULES)
    assert with_link(content, RULES) is content
    assert with_link(pictured, RULES).parts[0].text == "Hello\n\nhttps://a.b"
    assert with_link(content, BARE).parts[0].text == "Hello\n\nhttps://a.b"


def test_a_link_that_does_not_fit_is_a_part_of_its_own():
    content = make_content("x" * 18, link="https://a.b", pictures=(make_picture(),))

    assert [part.text for part in with_link(content, RULES).parts] == ["x" * 18, "https://a.b"]
    assert codes(make_content("x" * 18, link="https://a.b", title="t"), BARE) == [("too_long", 0)]


def test_a_link_in_the_text_is_not_written_twice():
    content = make_content("https://a.b", link="https://a.b")
    assert with_link(content, BARE) is content
