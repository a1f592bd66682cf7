"""The pages of monitoring in a browser: charts that draw, a time that is kept, no script needed."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import expect

from monitoring.models import RepeatedQuery, RequestStory, SlowQuery
from softfactory.kernel import clock
from tests.monitoring.conftest import answers, make_sample

pytestmark = pytest.mark.django_db(transaction=True)

ONE = "/monitoring/routes/?name=GET%20/coocook/explore"
PAGES = [
    "/monitoring/",
    "/monitoring/?range=7d",
    "/monitoring/routes/",
    ONE,
    "/monitoring/queries/",
    "/monitoring/requests/",
    "/monitoring/requests/?id=abc",
    "/monitoring/system/",
]


@pytest.fixture
def samples(db):
    """A quarter of an hour of samples, with a gap; a slow query, a suspect, a story."""
    gauges = {"memory_mb": 250, "cpu_percent": 20, "processes": 4, "num_threads": 9}
    for number in range(90):
        if 30 < number < 40:
            continue
        tally = answers(number + 1, subject="GET /coocook/explore", status="200")
        tally += answers(1, subject="POST /coocook/chefs/{pk}/book", status="500", seconds=0.4)
        make_sample(clock.now() - timedelta(seconds=10 * number), tally, gauges=gauges)
    seen = {"sql": "SELECT 1", "place": "bookings/views.py:3", "route": "/x"}
    SlowQuery.objects.create(
        fingerprint="a", count=3, total_ms=90, max_ms=50, last_seen=clock.now(), plan="SCAN", **seen
    )
    RepeatedQuery.objects.create(
        fingerprint="a", requests=2, most=12, last_seen=clock.now(), **seen
    )
    RequestStory.objects.create(
        request_id="abc",
        at=clock.now(),
        method="GET",
        route="/x",
        status=500,
        duration_ms=12,
        db_ms=3,
        why="failed",
        query_count=2,
        queries=[{"sql": "SELECT 1", "times": 2, "ms": 3.1, "place": "bookings/a.py:1"}],
        lines=[{"at": "10:00", "level": "error", "logger": "django", "event": "Broke"}],
        tasks=["0d3c1d5e-7f1c-4b53-9a3e-000000000000"],
    )


@pytest.fixture
def watch(page, enter, dee, samples):
    """`watch("/monitoring/")` opens a page as Dee, in a browser that must not complain."""
    enter(dee)

    def opened(path):
        page.goto(path, wait_until="networkidle")
        return page

    return opened


@pytest.fixture
def visit(visitors, live_server, dee, samples):
    """`visit(path, width=…)` opens a page as Dee in a browser of one's own."""

    def opened(path, **options):
        client = Client()
        client.force_login(dee)
        context = visitors(**options)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto(path, wait_until="networkidle")
        return page

    return opened


def test_charts_draw(watch):
    page = watch("/monitoring/?range=15m")

    expect(page.locator("[data-chart] canvas")).to_have_count(7)
    inked = page.locator("[data-chart=latency] canvas").evaluate(
        "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v)"
    )
    assert inked


def test_only_pages_with_charts_load_what_draws_them(page, watch):
    loaded = []
    page.on("request", lambda request: loaded.append(request.url))
    watch("/monitoring/queries/")
    assert not [url for url in loaded if "chunk-" in url or "/series" in url]
    watch("/monitoring/")
    assert [url for url in loaded if "chunk-" in url]


def test_the_time_survives_a_reload_and_leads_on(watch):
    page = watch("/monitoring/")
    page.get_by_role("link", name="6 hours").click()
    expect(page).to_have_url(re.compile(r"\?range=6h$"))
    page.reload()
    expect(page.get_by_role("link", name="6 hours")).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="Endpoints", exact=True).click()
    expect(page.get_by_role("link", name="6 hours")).to_have_attribute("aria-current", "true")


def test_a_time_of_ones_own_stands_in_the_address(watch):
    page = watch("/monitoring/")
    page.get_by_text("From … to …").click()
    page.get_by_label("From", exact=True).fill("2027-03-04T09:00")
    page.get_by_label("To", exact=True).fill("2027-03-04T10:30")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile("from=2027-03-04T09"))
    page.reload()
    expect(page.get_by_label("To", exact=True)).to_have_value("2027-03-04T10:30")
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)


def test_dragging_over_a_chart_looks_closer(watch):
    page = watch("/monitoring/?range=15m")
    box = page.locator("[data-chart=throughput] .u-over").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 20, steps=4)
    page.mouse.up()
    page.wait_for_url(re.compile("from=.*to="))
    expect(page.locator("[data-chart=throughput] canvas")).to_have_count(1)


def test_new_figures_come_by_themselves_unless_paused(page, enter, dee, samples):
    page.clock.install()
    enter(dee)
    page.goto("/monitoring/?range=15m", wait_until="networkidle")
    errors = page.locator("#errors-error_rate")
    before = errors.inner_text()

    page.get_by_role("button", name="Pause").click()
    make_sample(clock.now(), answers(90_000, subject="GET /coocook/explore", status="500"))
    page.clock.run_for(30_000)
    expect(errors).to_have_text(before)
    expect(page.get_by_text("Paused")).to_be_visible()

    page.get_by_role("button", name="Pause").click()
    expect(errors).not_to_have_text(before)
    expect(page.get_by_text("Updated")).to_be_visible()


def test_a_chart_can_be_read_by_keyboard(watch):
    page = watch("/monitoring/?range=15m")
    plot = page.locator("[data-chart=memory] [data-plot]")
    value = page.locator("#memory-memory_mb")
    rate = page.locator("#throughput-requests_per_second")
    page.get_by_role("button", name="Pause").click()
    whole = rate.inner_text()
    plot.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(rate).not_to_have_text(whole)  # all charts show the same time
    expect(value).to_have_text("250 MB")
    page.keyboard.press("Tab")
    expect(rate).to_have_text(whole)


def test_without_script_there_are_drawings_and_tables(visit):
    page = visit("/monitoring/?range=15m", java_script_enabled=False)

    expect(page.locator("[data-chart] svg.drawing")).to_have_count(7)
    expect(page.locator("[data-chart=cache]")).to_contain_text("Nothing was measured.")
    page.locator("[data-chart=latency] summary").click()
    expect(page.locator("#latency-rows tr").first).to_be_visible()
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)


def test_the_dark_theme_draws_the_charts_anew(watch):
    page = watch("/monitoring/?range=15m")
    chart = page.locator("[data-chart=throughput] canvas")
    before = chart.evaluate("c => c.toDataURL()")
    page.locator("[data-theme-switch]").click()
    page.wait_for_function(
        "before => document.querySelector('[data-chart=throughput] canvas').toDataURL() !== before",
        arg=before,
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(visit, path, theme):
    page = visit(path, color_scheme=theme, reduced_motion="reduce")
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [n["html"] for n in rule["nodes"]]) for rule in found] == []


@pytest.mark.parametrize("width", [320, 390, 1280, 1920])
@pytest.mark.parametrize("path", PAGES)
def test_fits_its_screen_with_headings_in_order(visit, path, width):
    prefix = "/ko" if width == 390 else ""
    page = visit(prefix + path, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.tagName[1])")
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
