"""Whatever was not measured is said to be missing, and nothing is invented."""

import pytest

from monitoring.services.reports.markdown import as_markdown
from monitoring.services.reports.page import as_page

pytestmark = pytest.mark.django_db


def test_nothing_is_invented(report):
    made = report()

    assert {one.passed for one in made.verdicts} == {None}
    assert {one.measured for one in made.verdicts} == {"–"}
    assert made.findings == []


def test_says_how_to_make_what_is_missing(report):
    missing = " ".join(report().missing)

    for command in ("make load", "performance_baseline", "run_due --loop"):
        assert command in missing


@pytest.mark.parametrize("written", [as_page, as_markdown])
def test_is_written_all_the_same(report, written):
    assert "not measured" in written(report())


@pytest.mark.parametrize("text", ["", "[]", '{"format": 2}', '{"format": 1}', "{"])
def test_a_file_of_another_kind_is_named_and_left_out(report, tmp_path, text):
    (tmp_path / "load" / "x").mkdir(parents=True)
    (tmp_path / "load" / "x" / "run.json").write_text(text)

    assert any("load/x/run.json" in one for one in report().missing)
