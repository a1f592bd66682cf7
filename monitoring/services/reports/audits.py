"""The part about pages in a browser: Lighthouse's scores, and what opening a page took.

Reads what `make lighthouse` writes; tests/browser/lighthouse/run.py makes it.
"""

from collections.abc import Iterator
from typing import Any

from monitoring.budgets import TARGETS
from monitoring.services.reports.changes import Quantity, changes, table
from monitoring.services.reports.document import Part, Table, Verdict
from monitoring.services.reports.inputs import Measured
from monitoring.services.reports.numbers import NONE, instant, number

TIMES = {
    "first paint": ("first_paint_ms", TARGETS.first_paint_ms),
    "DOM interactive": ("interactive_ms", TARGETS.interactive_ms),
    "page load": ("load_ms", TARGETS.page_load_ms),
}
QUANTITIES = (
    *(
        Quantity(name, name, "", 5, more_is_better=True)
        for name in ("performance", "accessibility", "best-practices", "seo")
    ),
    *(Quantity(key, name, "ms", 100) for name, (key, _target) in TIMES.items()),
    Quantity("bytes", "bytes", "", 5_000),
    Quantity("requests", "requests", "", 2),
)
MOST_COMPLAINTS = 12


def verdicts(audits: list[Measured]) -> Iterator[Verdict]:
    """Yield whether every page keeps to its budget and its scores, and the slowest of each time."""
    pages = audits[0]["pages"] if audits else []
    source = _source(audits[0]) if audits else "make lighthouse"
    good = [page for page in pages if not page["below"] and not page.get("beyond")]
    shown = f"{len(good)} of {len(pages)}" if pages else NONE
    passed = len(good) == len(pages) if pages else None
    yield Verdict("pages within budget and scores", shown, "all", source, passed)
    for name, (key, target) in TIMES.items():
        slowest = max((page["browser"][key] for page in pages if "browser" in page), default=None)
        passed = None if slowest is None else slowest <= target
        limit = f"≤ {number(target, 'ms')}"
        yield Verdict(f"{name}, slowest page", number(slowest, "ms"), limit, source, passed)


def part(audits: list[Measured]) -> Part:
    """Return the chapter on the newest audit."""
    newest = audits[0]
    machine = newest["machine"]
    chapter = Part("In a browser")
    chapter.text.append(
        f"Lighthouse {newest['lighthouse']}, {instant(newest['taken_at'])}, on {machine['cores']}"
        f" cores with a load of {number(machine['load_before'])} before. Commit"
        f" {str(newest['commit'])[:10]}{', changed since' if newest['is_dirty'] else ''}."
        " Times are those of this computer, of the median opening."
    )
    chapter.tables.append(_pages(newest))
    if len(audits) > 1:
        found = changes(_subjects(audits[1]), _subjects(newest), QUANTITIES)
        better = sum(one.is_better for one in found)
        chapter.text.append(
            f"Compared with the {_source(audits[1])}: {better} better, {len(found) - better} worse."
        )
        if found:
            chapter.tables.append(table(found, number=number))
    if complaints := _complaints(newest):
        chapter.tables.append(Table(("complaint", "pages"), complaints, "What Lighthouse misses"))
    return chapter


def _source(audit: Measured) -> str:
    return f"audit of {instant(audit['taken_at'])}"


def _name(page: Measured) -> str:
    return f"{page['page']}, {page['device']}"


def _pages(audit: Measured) -> Table:
    categories = list(audit["minimums"])
    heads = ("page", *categories, *TIMES, "bytes", "requests", "missed")
    rows = []
    for page in audit["pages"]:
        opened = page.get("browser", {})
        missed = ", ".join([*page["below"], *page.get("beyond", ())])
        rows.append(
            (
                _name(page),
                *(number(page["scores"][name]) for name in categories),
                *(number(opened.get(key), "ms") for key, _target in TIMES.values()),
                *(number(opened.get(key)) for key in ("bytes", "requests")),
                missed or NONE,
            )
        )
    return Table(heads, rows, "Pages")


def _subjects(audit: Measured) -> dict[str, dict[str, Any]]:
    return {_name(page): page["scores"] | page.get("browser", {}) for page in audit["pages"]}


def _complaints(audit: Measured) -> list[tuple[str, str]]:
    """What is said of most pages first; the figure behind a complaint is each page's own."""
    times: dict[str, int] = {}
    for page in audit["pages"]:
        for complaint in {said.partition(": ")[0] for said in page["complaints"]}:
            times[complaint] = times.get(complaint, 0) + 1
    often = sorted(times.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(complaint, str(count)) for complaint, count in often[:MOST_COMPLAINTS]]
