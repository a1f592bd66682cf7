"""silk and the debug toolbar in a browser, on sites of their own: they work under the policy."""

import pytest
from django.db import connection

from tests.site import Site, throw_away_database

DEE = {"login": "dee@demo.example", "password": "softfactory-demo"}


@pytest.fixture
def start(tmp_path):
    """`start(SILK="1")` is a running demo with these variables."""
    with throw_away_database(connection.vendor, tmp_path) as url:
        sites = []

        def started(**variables):
            site = Site(tmp_path, url, **variables)
            sites.append(site)
            site.manage("migrate", "--verbosity", "0")
            site.manage("seed_demo", "--users", "1", "--chefs", "1", "--bookings", "0")
            site.start()
            return site

        yield started
        for site in sites:
            site.kill()


@pytest.fixture
def visit(browser):
    """`visit(site)` is a page of a fresh visitor, who complains about script and policy errors."""
    contexts, complaints = [], []

    def visited(site):
        context = browser.new_context(base_url=f"http://localhost:{site.port}", locale="en-GB")
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(error.stack or str(error)))
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        return page

    yield visited
    for context in contexts:
        context.close()
    ours = [said for said in complaints if "/debug_toolbar/" not in said]
    assert not ours, f"the browser complained: {ours}"


def test_silk(start, visit):
    page = visit(start(SILK="1", SILK_PERCENT="100"))
    page.goto("/accounts/login")
    for name, value in DEE.items():
        page.fill(f"[name={name}]", value)
    page.click("main button[type=submit]")
    page.goto("/coocook/explore")

    page.goto("/silk/requests/")
    with page.expect_navigation():
        page.select_option("select[name=show]", "100")
    page.click("#filter-button")
    page.locator("#cbp-spmenu-s2.cbp-spmenu-open").wait_for()
    page.goto("/silk/requests/")
    page.locator(".path-div", has_text="/coocook/explore").first.click()
    page.get_by_text("SQL", exact=True).first.click()
    page.wait_for_url("**/sql/")
    assert "bookings_chef" in page.content()

    page.goto("/silk/profiling/")
    assert page.locator("text=explore page").count()


def test_the_debug_toolbar(start, visit):
    page = visit(start(DEBUG="1"))
    for address, query in (
        ("/accounts/login", ""),
        ("/coocook/explore", "bookings_chef"),  # made
        ("/coocook/explore", ""),  # made, or kept by that worker, which asks nothing
    ):
        page.goto(address, wait_until="networkidle")
        if not page.locator("#djDebugPanelList").is_visible():
            page.click("#djShowToolBarButton")

        for panel in ("SQLPanel", "TemplatesPanel", "CachePanel", "HeadersPanel"):
            page.click(f"#djDebugPanelList .{panel}")
            page.locator(
                f"#{panel} .djDebugPanelContent, #{panel} table, #{panel} p"
            ).first.wait_for()
            assert "isn't available anymore" not in page.locator(f"#{panel}").inner_text()
        page.click("#djDebugPanelList .SQLPanel")
        page.locator("#SQLPanel", has_text=query).wait_for()
