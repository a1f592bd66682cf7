"""Texts stay texts, charts are drawn of whatever there is, a page is whole."""

import re
from html.parser import HTMLParser

import pytest

from monitoring.services.reports.charts import svg
from monitoring.services.reports.document import Bars, Chart, Series
from monitoring.services.reports.markdown import as_markdown
from monitoring.services.reports.numbers import number
from monitoring.services.reports.page import as_page
from tests.monitoring.conftest import answers, make_sample
from tests.monitoring.reports.making import HOSTILE, make_run

pytestmark = pytest.mark.django_db


class Nested(HTMLParser):
    """Fails where an element is not closed in its turn."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_texts_are_texts(report, tmp_path, now):
    make_run(
        tmp_path,
        command=HOSTILE,
        commit=HOSTILE,
        errors=[{"method": "GET", "route": HOSTILE, "error": HOSTILE, "count": 1}],
    )
    make_sample(now, answers(10, subject=f"GET {HOSTILE}"))
    made = report()

    page, text = as_page(made), as_markdown(made)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<script" not in text
    assert "[a](javascript" not in text


def test_the_page_is_whole_and_asks_for_nothing(report, tmp_path, now):
    make_run(tmp_path, is_stepped=True)
    make_sample(now, answers(10))
    page = as_page(report())

    Nested().feed(page)
    assert re.findall(r'(?:src|href)="?(?!data:)', page) == []
    assert re.findall(r"url\(\"(?!data:)", page) == []
    assert "prefers-color-scheme" in page or "light-dark(" in page
    assert page.count("<svg") >= 7


def test_a_pipe_stays_in_its_cell(report, tmp_path):
    make_run(tmp_path, errors=[{"method": "GET", "route": "/a|b", "error": "c\nd", "count": 1}])
    text = as_markdown(report())

    assert "| GET /a\\|b | c d | 1 |" in text


@pytest.mark.parametrize(
    "figure",
    [
        Chart("Empty", "ms", []),
        Chart("One", "ms", [Series("a", [(1, 0)])], limit=5),
        Chart("Two", "", [Series("a", [(0, 1), (90_000, 0.0001)])]),
        Bars("None", []),
        Bars("Nothing", [("a", 0, "0 %")]),
    ],
)
def test_draws_whatever_there_is(figure):
    drawn = svg(figure)

    assert "nan" not in drawn.lower()
    Nested().feed(drawn)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),
        (0, "0 ms"),
        (0.123456, "0.12 ms"),
        (12.34, "12.3 ms"),
        (123.4, "123 ms"),
        (1234567, "1,234,567 ms"),
    ],
)
def test_numbers_have_three_digits(value, shown):
    assert number(value, "ms" if value is not None else "") == shown
