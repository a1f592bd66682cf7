"""The newest audit is judged by scores and budgets, and compared with the one before."""

import json

import pytest

from monitoring.budgets import PAGE_BUDGETS, TARGETS
from tests.monitoring.reports.making import verdict

pytestmark = pytest.mark.django_db

MINIMUMS = {"performance": 90, "accessibility": 100, "best-practices": 95, "seo": 90}


@pytest.fixture
def audited(tmp_path):
    """`audited(day, **changes)` is an audit of that day, of two pages of which one changes."""

    def audit(day, *, below=(), beyond=(), performance=99, **opening):
        budget = PAGE_BUDGETS["GET /coocook/explore"]._asdict()
        pages = [
            {
                "page": "GET /coocook/explore",
                "path": "/coocook/explore",
                "device": device,
                "scores": dict.fromkeys(MINIMUMS, 100) | {"performance": performance},
                "metrics": {},
                "complaints": ["Render blocking requests: Est savings of 150 ms"],
                "below": list(below),
                "beyond": list(beyond),
                "budget": budget,
                "browser": budget | {"load_ms": 400} | opening,
            }
            for device in ("mobile", "desktop")
        ]
        found = {
            "format": 1,
            "taken_at": f"2026-11-{day}T09:00:00+00:00",
            "commit": "0123456789abcdef",
            "is_dirty": False,
            "machine": {"cores": 2, "load_before": 0.4},
            "lighthouse": "12.8.2",
            "runs": 1,
            "minimums": MINIMUMS,
            "pages": pages,
            "passed": not (below or beyond),
        }
        (tmp_path / "lighthouse").mkdir(exist_ok=True)
        (tmp_path / "lighthouse" / f"{day}.json").write_text(json.dumps(found))

    return audit


def test_judges_scores_budgets_and_the_slowest_page(report, audited):
    audited(24)
    made = report()

    assert verdict(made, "pages within budget and scores").passed
    assert verdict(made, "page load, slowest page").measured == "400 ms"
    assert verdict(made, "page load, slowest page").target == f"≤ {TARGETS.page_load_ms:,} ms"


def test_says_what_was_missed(report, audited):
    audited(24, below=["performance"], beyond=["load_ms"], load_ms=1500)
    made = report()

    assert verdict(made, "pages within budget and scores").measured == "0 of 2"
    assert verdict(made, "page load, slowest page").passed is False
    rows = made.parts[0].tables[0].rows
    assert [row[-1] for row in rows] == ["performance, load_ms"] * 2


def test_says_what_changed(report, audited):
    audited(24)
    audited(25, performance=60, load_ms=900)

    rows = next(one.rows for one in report().parts[0].tables if one.title == "Changes")
    page = "GET /coocook/explore, desktop"
    assert (page, "page load", "worse", "400 ms", "900 ms", "× 2.25") in rows
    assert (page, "performance", "worse", "99", "60", "× 0.61") in rows


def test_lists_complaints_without_each_pages_figure(report, audited):
    audited(24)

    table = report().parts[0].tables[-1]
    assert table.rows == [("Render blocking requests", "2")]
