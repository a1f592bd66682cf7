"""Spreadsheets, in whatever way they were saved, and what is wrong with each line."""

import codecs
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sns.importing import MOST_BYTES, MOST_LINES, read_csv
from softfactory.kernel.problems import DomainError

NOW = datetime(2027, 3, 1, tzinfo=UTC)
ACCOUNTS = {"nari.bsky.social": 7, "@nari@mastodon.example": 8}
BERLIN = ZoneInfo("Europe/Berlin")


def read(text, encoding="utf-8", zone="Asia/Seoul"):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return read_csv(content, accounts=ACCOUNTS, zone=ZoneInfo(zone), now=NOW)


def refusal_of(text):
    with pytest.raises(DomainError) as refused:
        read(text)
    return refused.value.code


def problems_of(row, **options):
    (line,) = read(f"time,accounts,text,link\n{row}", **options)
    return line.problems


def test_a_line_becomes_a_post():
    (line,) = read(
        "time,accounts,text,link,title\n"
        '2027-04-01 09:30,"NARI.bsky.social @nari@mastodon.example","Hello, world",https://a.example,Hi'
    )

    assert line.is_good
    assert line.account_ids == (7, 8)
    assert line.at == datetime(2027, 4, 1, 0, 30, tzinfo=UTC)
    assert (line.text, line.link, line.title) == ("Hello, world", "https://a.example", "Hi")


def test_without_a_time_it_is_a_draft():
    (line,) = read("text,accounts\nHello,nari.bsky.social")

    assert line.is_good
    assert line.at is None


def test_a_time_with_an_offset_needs_no_zone():
    (line,) = read("time,accounts,text\n2027-04-01T09:30+02:00,nari.bsky.social,Hello")

    assert line.at == datetime(2027, 4, 1, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_separator(separator):
    (line,) = read(f"accounts{separator}text\nnari.bsky.social{separator}Hello")

    assert line.is_good


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_korean_as_any_spreadsheet_saves_it(encoding):
    (line,) = read("accounts,text\nnari.bsky.social,김치 볶음밥", encoding)

    assert line.text == "김치 볶음밥"


def test_utf_16_of_the_other_kind():
    content = codecs.BOM_UTF16_BE + "accounts,text\nnari.bsky.social,김치".encode("utf-16-be")

    assert read(content)[0].text == "김치"


def test_lines_are_counted_as_an_editor_counts_them():
    lines = read('accounts,text\nnari.bsky.social,"two\nlines"\n\nnari.bsky.social,one')

    assert [line.number for line in lines] == [2, 5]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",nari.bsky.social,,", "text is missing"),
        (",,Hello,", "No account is named"),
        (",cho.bsky.social,Hello,", "no account cho.bsky.social"),
        ("tomorrow,nari.bsky.social,Hello,", "can't be read"),
        ("2027-02-30 09:00,nari.bsky.social,Hello,", "can't be read"),
        ("0001-01-01T00:00+14:00,nari.bsky.social,Hello,", "can't be read"),
        ("2026-01-01 09:00,nari.bsky.social,Hello,", "has passed"),
        (",nari.bsky.social,Hello,javascript:alert(1)", "neither https"),
        (f",nari.bsky.social,{'x' * 20_001},", "At most 20000"),
    ],
)
def test_what_is_wrong_with_a_line(row, words):
    (problem,) = problems_of(row)

    assert words in problem


def test_a_time_that_clocks_leave_out():
    (problem,) = problems_of("2027-03-28 02:30,nari.bsky.social,Hello,", zone="Europe/Berlin")

    assert "put forward" in problem


def test_a_bad_line_leaves_the_good_ones_alone():
    lines = read("accounts,text\nnari.bsky.social,Good\ncho,Bad\nnari.bsky.social,Good")

    assert [line.is_good for line in lines] == [True, False, True]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "csv_columns"),
        ("text\nHello", "csv_columns"),
        ("text,accounts,secret\n", "csv_columns"),
        ("text,text,accounts\n", "csv_columns"),
        ('text,accounts\n"Hello', "csv_broken"),
        (b"\xff\xfe\x00", "csv_encoding"),
        (b"\x81\x20\xff", "csv_encoding"),
        (b"x" * (MOST_BYTES + 1), "csv_too_large"),
        ("text,accounts\n" + "a,b\n" * (MOST_LINES + 1), "csv_too_large"),
    ],
)
def test_a_file_that_is_none(text, code):
    assert refusal_of(text) == code


@given(st.binary(max_size=200))
def test_no_bytes_are_more_than_a_refusal(content):
    for whole in (content, b"text,accounts,time\n" + content):
        try:
            lines = read(whole)
        except DomainError as refused:
            assert refused.code.startswith("csv_")  # noqa: PT017
        else:
            assert all(line.number >= 2 for line in lines)
