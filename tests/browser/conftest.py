"""A real browser for the tests of pages: Debian's chromium, driven by Playwright."""

import logging
import os
import shutil
from collections import Counter

import pytest
from django.test import Client
from playwright.sync_api import expect, sync_playwright

logger = logging.getLogger(__name__)

# Milliseconds: only what never comes takes so long, on a machine however busy.
GIVE_UP = 60_000
expect.set_options(timeout=GIVE_UP)

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    """One chromium for the whole run; each test opens its own context in it."""
    if not CHROMIUM:
        message = "chromium is not installed (Debian: apt install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    # Playwright's loop runs in this thread; Django would refuse the test database next to it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def visitors(browser, live_server):
    """`visitors(**options)` is a fresh visitor in English, at the test server."""
    contexts = []

    def opened(**options):
        context = browser.new_context(base_url=live_server.url, locale="en-GB", **options)
        context.set_default_timeout(GIVE_UP)
        contexts.append(context)
        return context

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def context(visitors):
    """A visitor on a laptop."""
    return visitors(viewport={"width": 1280, "height": 900})


@pytest.fixture
def enter(context, live_server):
    """`enter(ana)` signs Ana in, without the form."""

    def signed_in(user):
        client = Client()
        client.force_login(user)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

    return signed_in


# What htmx says of a request that a newer one, or the next page, has overtaken.
OVERTAKEN = ("htmx:sendAbort", "htmx:afterRequest")


@pytest.fixture
def page(context):
    """A blank page of that visitor, which fails the test on script errors and CSP refusals.

    Of a test that fails it tells what was not answered.
    """
    opened = context.new_page()
    complaints = []
    unanswered = Counter()

    def hear(message):
        if message.type == "error" and not message.text.startswith(OVERTAKEN):
            complaints.append(message.text)

    def await_answer(request):
        unanswered[f"{request.method} {request.url}"] += 1

    def has_ended(request):
        unanswered[f"{request.method} {request.url}"] -= 1

    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", hear)
    opened.on("request", await_answer)
    opened.on("requestfinished", has_ended)
    opened.on("requestfailed", has_ended)
    yield opened
    logger.warning("Not answered: %s", list(+unanswered))
    assert not complaints, f"the browser complained: {complaints}"
