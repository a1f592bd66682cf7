"""Runs Lighthouse on the main pages of a site of its own: `make lighthouse`.

Writes scores and metrics as JSON to var/lighthouse/<UTC>.json, prints them as a table, and ends
with 1 if a page scores less than MINIMUMS. docs/guide/measuring.md is the page about it.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from monitoring.budgets import PAGE_BUDGETS
from softfactory.kernel import clock
from tests.browser.speed import Page, opened, pages_of
from tests.load.circumstances import checkout, machine
from tests.site import ROOT, Site

FOLDER = Path(__file__).parent
PROGRAM = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
VERSION = json.loads((PROGRAM.parents[1] / "package.json").read_text())["version"]
OPENINGS = 3  # of each page at least, to time it
CHROMIUM = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
MINIMUMS = {"performance": 90, "accessibility": 100, "best-practices": 95, "seo": 90}
#: What is not meant for search engines tells them so.
PRIVATE = {"GET /accounts/login", "GET /coocook/bookings"}
METRICS = {
    "first_contentful_paint_ms": "first-contentful-paint",
    "largest_contentful_paint_ms": "largest-contentful-paint",
    "speed_index_ms": "speed-index",
    "total_blocking_ms": "total-blocking-time",
    "interactive_ms": "interactive",
    "server_response_ms": "server-response-time",
    "cumulative_layout_shift": "cumulative-layout-shift",
    "bytes": "total-byte-weight",
}
DEVICES = {"mobile": [], "desktop": ["--preset=desktop"]}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make lighthouse", description=__doc__)
    parser.add_argument("--runs", type=int, default=1, help="of each page; the median counts")
    parser.add_argument("--only", default="", help="part of a page's name")
    asked = parser.parse_args()
    chromium = shutil.which("chromium")
    if not chromium:
        sys.exit("lighthouse: chromium is not installed (Debian: apt install chromium)")
    started_at, before = clock.now(), machine()
    with tempfile.TemporaryDirectory(prefix="softfactory-lighthouse-") as name:
        folder = Path(name)
        site = Site(folder, f"sqlite:///{folder / 'site.sqlite3'}", REDIS_URL="")
        try:
            pages = [page for page in pages_of(site) if asked.only in page.name]
            looked = [
                looked_at(site, page, device, asked.runs, chromium, folder)
                for page in pages
                for device in DEVICES
            ]
            timed(looked, site, pages, asked.runs, chromium)
        finally:
            site.kill()
    found = {
        "format": 1,
        "taken_at": started_at.isoformat(timespec="seconds"),
        **checkout(),
        "machine": before,
        "lighthouse": VERSION,
        "runs": asked.runs,
        "minimums": MINIMUMS,
        "pages": looked,
        "passed": not any(page["below"] or page["beyond"] for page in looked),
    }
    out = ROOT / "var" / "lighthouse" / f"{started_at:%Y%m%dT%H%M%SZ}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(found, indent=1) + "\n")
    print(table(looked))
    print(f"\n{out}")
    sys.exit(0 if found["passed"] else 1)


def timed(
    looked: list[dict[str, Any]], site: Site, pages: Sequence[Page], runs: int, chromium: str
) -> None:
    """Add what opening each page took in the browser, unthrottled, and what of it is too much."""
    by_name = {page.name: page for page in pages}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        for page in looked:
            opening = [
                opened(browser, site, by_name[page["page"]], page["device"])
                for _ in range(max(runs, OPENINGS))
            ]
            budget = PAGE_BUDGETS[page["page"]]._asdict()
            page["browser"] = {
                name: round(statistics.median(one[name] for one in opening), 4) for name in budget
            }
            page["budget"] = budget
            page["beyond"] = [name for name in budget if page["browser"][name] > budget[name]]
        browser.close()


def looked_at(
    site: Site, page: Page, device: str, runs: int, chromium: str, folder: Path
) -> dict[str, Any]:
    """Return what Lighthouse says of a page on a device: medians, and what it complains about."""
    print(f"{page.name} on {device} …", file=sys.stderr, flush=True)
    reports = [report(site, page, device, chromium, folder) for _ in range(runs)]
    scores = {
        name: round(100 * statistics.median(one["categories"][name]["score"] for one in reports))
        for name in CATEGORIES
    }
    least = MINIMUMS | ({"seo": 0} if page.name in PRIVATE else {})
    return {
        "page": page.name,
        "path": page.path,
        "device": device,
        "scores": scores,
        "metrics": metrics(reports),
        "complaints": sorted({title for one in reports for title in complaints(one)}),
        "below": [name for name, score in scores.items() if score < least[name]],
    }


def report(site: Site, page: Page, device: str, chromium: str, folder: Path) -> Mapping[str, Any]:
    """Run Lighthouse once."""
    out = folder / "report.json"
    command = [
        *("node", str(PROGRAM), f"http://127.0.0.1:{site.port}{page.path}", "--quiet"),
        *("--output=json", f"--output-path={out}", *DEVICES[device]),
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={' '.join(CHROMIUM)}",
    ]
    if page.session:
        cookie = json.dumps({"Cookie": f"sessionid={page.session}"})
        command.append(f"--extra-headers={cookie}")
    env = os.environ | {"CHROME_PATH": chromium}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=env)
    if done.returncode:
        sys.exit(f"lighthouse: {page.name} could not be looked at:\n{done.stderr}")
    return json.loads(out.read_text())


def metrics(reports: list[Mapping[str, Any]]) -> dict[str, float]:
    """Return the medians of what was measured, and the number of requests."""
    found = {
        name: round(
            statistics.median(one["audits"][audit].get("numericValue", 0) for one in reports), 3
        )
        for name, audit in METRICS.items()
    }
    requests = [len(one["audits"]["network-requests"]["details"]["items"]) for one in reports]
    return found | {"requests": statistics.median(requests)}


def complaints(one: Mapping[str, Any]) -> Iterator[str]:
    """Yield the titles of audits that did not pass."""
    for category in CATEGORIES:
        for reference in one["categories"][category]["auditRefs"]:
            audit = one["audits"][reference["id"]]
            if audit["score"] is not None and audit["score"] < 0.9:
                said = audit.get("displayValue", "")
                yield f"{audit['title']}{f': {said}' if said else ''}"


def table(looked: Sequence[Mapping[str, Any]]) -> str:
    """Return scores and times as text: Lighthouse's slow telephone, then this computer."""
    heads = ["perf", "a11y", "best", "seo", "FCP", "LCP", "TBT", "CLS", "FCP here", "load", "kB"]
    lines = [f"{'':34}{''.join(f'{head:>9}' for head in heads)}"]
    for page in looked:
        m, here = page["metrics"], page["browser"]
        cells = [
            *(f"{page['scores'][name]}" for name in CATEGORIES),
            *(
                f"{m[f'{name}_ms']:.0f}"
                for name in ("first_contentful_paint", "largest_contentful_paint", "total_blocking")
            ),
            f"{m['cumulative_layout_shift']:.3f}",
            *(f"{here[name]:.0f}" for name in ("first_paint_ms", "load_ms")),
            f"{here['bytes'] / 1000:.0f}",
        ]
        lines.append(f"{_title(page):34}{''.join(f'{cell:>9}' for cell in cells)}")
    for page in looked:
        lines += [f"{_title(page)}: {name} is below {MINIMUMS[name]}." for name in page["below"]]
        found, budget = page["browser"], page["budget"]
        lines += [
            f"{_title(page)}: {name} is {found[name]:g}, at most {budget[name]:g}."
            for name in page["beyond"]
        ]
    return "\n".join(lines)


def _title(page: Mapping[str, Any]) -> str:
    return f"{page['page']} {page['device']}"


if __name__ == "__main__":
    main()
