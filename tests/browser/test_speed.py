"""The main pages stay light and steady: bytes, requests, layout shift, scripts that block drawing.

How long they take is told by `make lighthouse`, on a computer that does nothing else meanwhile.
"""

import pytest

from monitoring.budgets import PAGE_BUDGETS
from tests.browser.speed import SCREENS, opened, pages_of
from tests.site import Site

STEADY = ("bytes", "bytes_without_pictures", "requests", "blocking_scripts", "layout_shift")
TIMES = ("first_paint_ms", "interactive_ms", "load_ms")


@pytest.fixture(scope="module")
def site(tmp_path_factory, browser):
    """A running site with the demo's content, and its main pages."""
    folder = tmp_path_factory.mktemp("speed")
    site = Site(folder, f"sqlite:///{folder / 'speed.sqlite3'}", REDIS_URL="")
    try:
        site.pages = {page.name: page for page in pages_of(site)}
        yield site
    finally:
        site.kill()


@pytest.mark.parametrize("device", SCREENS)
@pytest.mark.parametrize("name", PAGE_BUDGETS)
def test_opening_a_page_takes_no_more_than_its_budget(browser, site, name, device):
    found = opened(browser, site, site.pages[name], device)

    budget = PAGE_BUDGETS[name]._asdict()
    assert {key: found[key] for key in STEADY if found[key] > budget[key]} == {}
    assert all(found[key] > 0 for key in (*TIMES, "bytes", "requests"))
