"""Opening the main pages of a real site in a browser, and what that takes."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from playwright.sync_api import Browser

from tests.site import Site

SIGN_IN = """
from django.test import Client
from softfactory.accounts.models import User
client = Client()
client.force_login(User.objects.get(pk={pk}))
print(client.cookies["sessionid"].value)
"""
SCREENS = {
    "mobile": {
        "viewport": {"width": 412, "height": 823},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
    "desktop": {"viewport": {"width": 1350, "height": 940}},
}
SETTLED = 500  # milliseconds in which a late shift would show

# What the browser itself noted down since the page was asked for.
NOTED = """async settled => {
    let layout_shift = 0
    new PerformanceObserver(list => {
        for (const shift of list.getEntries())
            if (!shift.hadRecentInput) layout_shift += shift.value
    }).observe({type: "layout-shift", buffered: true})
    await new Promise(done => setTimeout(done, settled))
    const [navigation] = performance.getEntriesByType("navigation")
    const files = performance.getEntriesByType("resource")
    const [painted] = performance.getEntriesByName("first-contentful-paint")
    return {
        first_paint_ms: painted.startTime,
        interactive_ms: navigation.domInteractive,
        load_ms: navigation.loadEventEnd,
        layout_shift,
        bytes: [navigation, ...files].reduce((sum, entry) => sum + entry.transferSize, 0),
        bytes_without_pictures: [navigation, ...files]
            .filter(entry => !/\\.(svg|png|webp|avif)$/.test(entry.name))
            .reduce((sum, entry) => sum + entry.transferSize, 0),
        requests: files.length + 1,
        blocking_scripts: files.filter(
            file => file.initiatorType === "script" && file.renderBlockingStatus === "blocking"
        ).length,
    }
}"""


class Page(NamedTuple):
    """A page to open: the name of its budget, its address, and the session that it needs."""

    name: str
    path: str
    session: str = ""


def pages_of(site: Site) -> Iterator[Page]:
    """Fill and start the site; yield its main pages."""
    site.manage("migrate", "--verbosity", "0")
    people = json.loads(site.manage("seed_demo", "--json"))
    customer = next(user for user in people["users"] if user["role"] == "customer")
    session = site.manage("shell", "-v0", "-c", SIGN_IN.format(pk=customer["id"])).strip()
    site.start()
    yield Page("GET /", "/")
    yield Page("GET /coocook/explore", "/coocook/explore")
    yield Page("GET /coocook/chefs/{pk}", f"/coocook/chefs/{people['chefs'][0]['id']}")
    yield Page("GET /accounts/login", "/accounts/login")
    yield Page("GET /coocook/bookings", "/coocook/bookings", session)


def opened(browser: Browser, site: Site, page: Page, device: str) -> dict[str, Any]:
    """Open a page for the first time; returns what `PageBudget` limits."""
    address = f"http://127.0.0.1:{site.port}"
    context = browser.new_context(base_url=address, locale="en-GB", **SCREENS[device])
    context.set_default_timeout(60_000)
    if page.session:
        context.add_cookies([{"name": "sessionid", "value": page.session, "url": address}])
    try:
        tab = context.new_page()
        tab.goto(page.path, wait_until="networkidle")
        return tab.evaluate(NOTED, SETTLED)
    finally:
        context.close()
