"""The pages of monitoring: staff's alone, true to what was sampled, for the time in the address."""

from datetime import timedelta

import pytest

from monitoring.models import (
    Alert,
    AlertRound,
    AlertRule,
    AlertSilence,
    InvariantCount,
    RepeatedQuery,
    RequestStory,
    Sample,
    SlowQuery,
)
from softfactory.kernel import clock
from tests.monitoring.conftest import answers, make_sample

pytestmark = pytest.mark.django_db

OVERVIEW = "/monitoring/"
ROUTES = "/monitoring/routes/"
PAGES = [OVERVIEW, ROUTES, "/monitoring/queries/", "/monitoring/requests/", "/monitoring/system/"]
EXPLORE = "GET /coocook/explore"
SLOW = {"seconds": 0.4, "bucket": "0.5"}


@pytest.fixture
def page(browse, dee):
    """`page("/monitoring/")` is the page as Dee sees it."""
    browser = browse(dee)

    def shown(address, **asked):
        answer = browser.get(address, asked)
        assert answer.status_code == 200
        return answer.content.decode()

    return shown


@pytest.fixture
def judged():
    """The rules were judged just now."""
    moment = clock.now()
    AlertRound.objects.update_or_create(
        pk=AlertRound.THE_ONE, defaults={"evaluated_at": moment, "next_at": moment}
    )


@pytest.mark.parametrize("address", PAGES)
class TestWho:
    def test_staff_sees_it_and_nobody_keeps_it(self, browse, dee, address):
        answer = browse(dee).get(address)

        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "<script>" not in answer.text
        assert " style=" not in answer.content.decode()

    def test_there_is_nothing_for_a_customer(self, browse, ana, address):
        assert browse(ana).get(address).status_code == 404

    def test_nobody_is_asked_to_sign_in(self, client, address):
        answer = client.get(address)

        assert (answer.status_code, answer.url) == (302, f"/accounts/login?next={address}")

    def test_is_there_in_korean(self, browse, dee, address):
        assert "모니터링" in browse(dee).get(f"/ko{address}").content.decode()

    def test_takes_no_form(self, browse, dee, address):
        assert browse(dee).post(address).status_code == 405


def test_staffs_menu_leads_there(browse, dee, ana):
    assert 'href="/monitoring/"' in browse(dee).get("/fragments/account-menu").content.decode()
    assert 'href="/monitoring/"' not in browse(ana).get("/fragments/account-menu").content.decode()


class TestOverview:
    def test_figures_against_the_targets(self, page):
        make_sample(clock.now(), answers(99) + answers(1, status="500"))
        text = page(OVERVIEW)

        assert "1\N{NO-BREAK SPACE}%" in text
        assert "Off target" in text
        assert "On target" in text

    def test_without_samples_it_says_so(self, page):
        text = page(OVERVIEW)

        assert "These figures stand still." in text
        assert "Nothing was measured." in text

    def test_says_how_long_ago_the_last_sample_was(self, page):
        make_sample(clock.now() - timedelta(minutes=12))

        assert "taken 12\N{NO-BREAK SPACE}min" in page(OVERVIEW)

    def test_charts_are_tables_too(self, page):
        make_sample(clock.now(), answers(10))
        text = page(OVERVIEW, range="15m")

        assert '<path class="drawing__line drawing__line--1" d="M' in text
        assert text.count("<tbody") >= 9

    def test_of_one_host(self, page):
        now = clock.now()
        make_sample(now, answers(7), host="one")
        make_sample(now, answers(5, status="500"), host="two")

        text = page(OVERVIEW, host="two")

        assert '<option value="two" selected>' in text
        assert "/x</a>" in text
        assert "/monitoring/routes/?range=1h&amp;host=two" in text
        assert "1 of 1 endpoints" in page(ROUTES, host="two")
        assert "0 of 0 endpoints" in page(ROUTES, host="three")

    @pytest.mark.parametrize(
        "asked",
        [
            {"range": "1y"},
            {"from": "0001-01-01", "to": "0001-01-02"},
            {"from": "soon"},
            {"from": "2027-03-04T10:00", "to": "2027-03-04T09:00"},
        ],
    )
    def test_a_time_that_is_none_is_the_last_hour(self, page, asked):
        text = page(OVERVIEW, **asked)

        assert "names no time" in text
        assert '<a class="range" href="?range=1h" aria-current="true">' in text

    def test_a_time_of_ones_own(self, page):
        text = page(OVERVIEW, **{"from": "2027-03-04T09:00", "to": "2027-03-04T10:00"})

        assert 'name="from" value="2027-03-04T09:00"' in text
        assert "data-pause>" not in text

    def test_alerts_come_first_with_what_to_look_at(self, page, judged):
        rule = AlertRule.objects.get(key="error-rate")
        now = clock.now()
        values = {"threshold": 1, "worst_value": 7, "last_value": 7, "fired_value": 7}
        Alert.objects.create(
            rule=rule, state="firing", opened_at=now - timedelta(minutes=7), fired_at=now, **values
        )
        text = page(OVERVIEW)

        assert rule.name in text
        assert "7\N{NO-BREAK SPACE}min" in text
        assert "alert--firing" in text
        assert "Silenced" not in text

        AlertSilence.objects.create(rule=rule, ends_at=now + timedelta(hours=1))
        assert "Silenced" in page(OVERVIEW)

    def test_rules_that_the_site_comes_with_lead_to_pages_that_there_are(self, browse, dee):
        for path in AlertRule.objects.values_list("look_at_path", flat=True):
            assert browse(dee).get(path).status_code == 200

    def test_without_alerts_it_is_calm(self, page, judged):
        assert "No alert" in page(OVERVIEW)

    def test_nobody_judging_is_an_alert(self, page):
        assert "Alerts are not evaluated" in page(OVERVIEW)

    def test_a_violated_invariant_is_said_first(self, page):
        InvariantCount.objects.create(
            name="bookings.overlaps", violations=2, counted_at=clock.now()
        )
        assert "Something is wrong that must never be wrong." in page(OVERVIEW)


class TestRoutes:
    def test_the_worst_comes_first(self, page):
        make_sample(
            clock.now(), answers(5, subject="GET /api/health") + answers(5, subject=EXPLORE, **SLOW)
        )
        text = page(ROUTES)

        assert text.index("/coocook/explore</a>") < text.index("/api/health</a>")
        assert "part--over" in text

    def test_can_be_filtered_by_words(self, page):
        make_sample(
            clock.now(), answers(5, subject="GET /api/health") + answers(5, subject=EXPLORE)
        )
        text = page(ROUTES, q="get EXPLORE")

        assert "/coocook/explore</a>" in text
        assert "/api/health</a>" not in text
        assert "1 of 2 endpoints" in text

    def test_one_alone(self, page):
        make_sample(clock.now(), answers(9, subject=EXPLORE) + answers(1, subject=EXPLORE, **SLOW))
        text = page(ROUTES, name=EXPLORE)

        assert "300–500\N{NO-BREAK SPACE}ms" in text
        assert "route=GET%20%2Fcoocook%2Fexplore" in text

    def test_one_that_nobody_asked_for_yet(self, page):
        assert "Nobody asked for it" in page(ROUTES, name=EXPLORE)

    def test_one_that_there_is_not(self, browse, dee):
        assert browse(dee).get(ROUTES, {"name": "GET /nowhere"}).status_code == 404

    def test_what_is_asked_is_no_markup(self, browse, dee):
        text = browse(dee).get(ROUTES, {"q": '"><script>'}).content.decode()

        assert '"><script>' not in text


class TestQueries:
    def test_shows_plan_and_line(self, page):
        SlowQuery.objects.create(
            fingerprint="a",
            sql="SELECT 1",
            place="bookings/views.py:35",
            route="/x",
            count=3,
            total_ms=90,
            max_ms=50,
            last_seen=clock.now(),
            plan="SCAN bookings_chef",
        )
        RepeatedQuery.objects.create(
            fingerprint="a",
            route="/x",
            sql="SELECT 2",
            place="bookings/a.py:1",
            requests=2,
            most=12,
            last_seen=clock.now(),
        )
        text = page("/monitoring/queries/")

        assert "bookings/views.py:35" in text
        assert "SCAN bookings_chef" in text
        assert "3 ×, 30\N{NO-BREAK SPACE}ms on average" in text
        assert "12 times in one request" in text


class TestRequests:
    @pytest.fixture
    def story(self):
        return RequestStory.objects.create(
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

    def test_by_id(self, page, story):
        text = page("/monitoring/requests/", id=" abc ")

        for part in ("SELECT 1", "bookings/a.py:1", "Broke", "forgotten", "500"):
            assert part in text

    def test_without_one_the_latest(self, page, story):
        assert 'href="?id=abc"' in page("/monitoring/requests/")

    def test_one_that_was_not_kept(self, page):
        assert "No story with this id" in page("/monitoring/requests/", id="nobody\0")


class TestSystem:
    def test_shows_what_it_runs_on(self, page):
        InvariantCount.objects.create(
            name="bookings.overlaps", violations=2, counted_at=clock.now()
        )
        text = page("/monitoring/system/")

        assert "Violated: 2" in text
        assert "Python 3." in text


def test_pages_read_a_month_in_few_queries(page, django_assert_max_num_queries):
    for number in range(1, 30):
        make_sample(
            clock.now() - number * timedelta(hours=1),
            resolution=Sample.Resolution.HOURLY,
            seconds=3600,
        )
    with django_assert_max_num_queries(14):
        page(OVERVIEW, range="30d")
