"""CooCook in the admin: what staff finds, may change, and may not."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings.models import AvailabilityException, AvailabilityRule, Booking, Chef, Occupancy
from softfactory.accounts.models import User
from tests.makers import make_booking, make_chef, make_review, noon_utc

MODELS = ["chef", "booking", "review"]


@pytest.fixture
def staff(browse, dee):
    """A browser in which staff is signed in."""
    return browse(dee)


def page(model, name="changelist", *args):
    return reverse(f"admin:bookings_{model}_{name}", args=args)


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def form_of(chef, **changes):
    """What the browser sends back of a chef's page, with these changes."""
    rules = list(chef.availability_rules.order_by("pk"))
    values = {
        "owner": chef.owner_id,
        "name": chef.name,
        "bio": chef.bio,
        "cuisine": chef.cuisine,
        "location": chef.location,
        "picture": "",
        "is_active": "on",
        "max_guests": chef.max_guests,
        "timezone": chef.timezone,
        "buffer_before_minutes": chef.buffer_before_minutes,
        "buffer_after_minutes": chef.buffer_after_minutes,
        "minimum_notice_minutes": chef.minimum_notice_minutes,
        "horizon_days": chef.horizon_days,
        "durations": chef.durations,
        "slot_step_minutes": chef.slot_step_minutes,
        "availability_rules-TOTAL_FORMS": len(rules),
        "availability_rules-INITIAL_FORMS": len(rules),
        "availability_exceptions-TOTAL_FORMS": 0,
        "availability_exceptions-INITIAL_FORMS": 0,
    }
    for n, rule in enumerate(rules):
        values |= {
            f"availability_rules-{n}-id": rule.pk,
            f"availability_rules-{n}-chef": chef.pk,
            f"availability_rules-{n}-weekday": rule.weekday,
            f"availability_rules-{n}-starts": "09:00",
            f"availability_rules-{n}-ends": "21:00",
        }
    return values | changes


@pytest.mark.parametrize("model", MODELS)
def test_is_for_staff(browse, ana, model):
    for user in (None, ana):
        assert browse(user).get(page(model)).status_code == 302


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("query", ["", "?q=ben", "?q=1", "?q=no+such+thing"])
def test_lists_and_searches(staff, chef, ana, model, query):
    make_booking(chef, ana)
    make_review(chef)

    text_of(staff.get(page(model) + query))


@pytest.mark.parametrize("model", MODELS)
def test_a_list_costs_the_same_however_long(staff, chef, model):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            text_of(staff.get(page(model)))
        return len(queries)

    make_review(chef)
    before = cost()
    for _ in range(5):
        make_review(make_chef())

    assert cost() == before


@pytest.mark.parametrize(
    ("model", "query"),
    [
        ("chef", {"is_active__exact": 1, "instant_booking__exact": 0, "cuisine": "Korean"}),
        ("booking", {"status__exact": "pending"}),
        ("review", {"rating": 5}),
    ],
)
def test_filters(staff, chef, ana, model, query):
    booking = make_booking(chef, ana)
    review = make_review(chef)
    row = {"chef": chef, "booking": booking, "review": review}[model]

    assert page(model, "change", row.pk) in text_of(staff.get(page(model), query))


def test_shows_a_chef_with_prices_as_one_writes_them(staff, chef):
    text = text_of(staff.get(page("chef", "change", chef.pk)))

    assert "₩50,000" in text
    assert 'value="09:00"' in text
    assert 'name="hourly_rate_amount"' not in text
    assert 'name="version"' not in text


def test_saves_a_chef_and_its_hours_as_the_next_version(staff, chef):
    changes = {
        "name": "Nari",
        "durations": [1, 2],
        "availability_rules-0-starts": "10:15",
        "availability_rules-0-ends": "24:00",
        "availability_exceptions-TOTAL_FORMS": 2,
        "availability_exceptions-0-chef": chef.pk,
        "availability_exceptions-0-date": "2027-01-01",
        "availability_exceptions-1-chef": chef.pk,
        "availability_exceptions-1-date": "2027-01-02",
        "availability_exceptions-1-starts": "09:00",
        "availability_exceptions-1-ends": "12:00",
    }

    response = staff.post(page("chef", "change", chef.pk), form_of(chef, **changes))

    assert response.status_code == 302, response.context["errors"]
    chef.refresh_from_db()
    assert (chef.name, chef.durations, chef.version) == ("Nari", [1, 2], 2)
    rule = AvailabilityRule.objects.order_by("pk").first()
    assert (rule.starts, rule.ends) == (615, 1440)
    assert list(AvailabilityException.objects.order_by("date").values_list("starts", "ends")) == [
        (None, None),
        (540, 720),
    ]


def test_new_hours_alone_are_a_new_version_too(staff, chef):
    hours = {"availability_rules-0-starts": "10:15"}

    staff.post(page("chef", "change", chef.pk), form_of(chef, **hours))

    assert Chef.objects.get().version == 2
    assert AvailabilityRule.objects.filter(starts=615).count() == 1


def test_a_review_published_meanwhile_keeps_its_effect(staff, chef, monkeypatch):
    get = Chef.objects.select_for_update

    def publish_first():
        make_review(chef)
        return get()

    monkeypatch.setattr(Chef.objects, "select_for_update", publish_first)
    response = staff.post(page("chef", "change", chef.pk), form_of(chef, name="Nari"))

    assert response.status_code == 302
    chef.refresh_from_db()
    assert (chef.name, chef.review_count) == ("Nari", 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"availability_rules-0-starts": "9 am"}, "quarter hour"),
        ({"availability_rules-0-starts": "24:00"}, "quarter hour"),
        ({"availability_rules-0-ends": "12:10"}, "quarter hour"),
        ({"timezone": "Mars/Olympus"}, "time zone"),
        ({"durations": []}, "required"),
        ({"durations": [25]}, "valid choice"),
        ({"buffer_before_minutes": 20}, "violated"),
        (
            {
                "availability_exceptions-TOTAL_FORMS": 1,
                "availability_exceptions-0-date": "2027-01-01",
                "availability_exceptions-0-starts": "09:00",
            },
            "Write both times",
        ),
    ],
)
def test_refuses_a_wrong_calendar(staff, chef, changes, words):
    response = staff.post(page("chef", "change", chef.pk), form_of(chef, **changes))

    assert words in text_of(response)
    assert Chef.objects.get().version == 1


def test_nobody_sets_money_or_ratings(staff, chef):
    sneaky = {"hourly_rate_amount": 1, "currency": "EUR", "review_count": 9, "version": 7}

    staff.post(page("chef", "change", chef.pk), form_of(chef, **sneaky))

    chef.refresh_from_db()
    assert (chef.hourly_rate_amount, chef.currency) == (50_000, "KRW")
    assert (chef.review_count, chef.version) == (0, 2)


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_deleted(staff, chef, model):
    make_review(chef)
    row = {"chef": chef, "booking": Booking.objects.get(), "review": chef.reviews.get()}[model]

    assert staff.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert "delete_selected" not in text_of(staff.get(page(model)))


@pytest.mark.parametrize("model", ["booking", "review"])
def test_bookings_and_reviews_are_their_customers_to_make(staff, model):
    assert staff.get(page(model, "add")).status_code == 403


def test_a_booking_is_read_only(staff, chef, ana):
    booking = make_booking(chef, ana)
    text = text_of(staff.get(page("booking", "change", booking.pk)))

    staff.post(page("booking", "change", booking.pk), {"status": "confirmed", "guests": 9})

    assert "₩260,000" in text
    assert 'name="status"' not in text
    booking.refresh_from_db()
    assert (booking.status, booking.guests) == ("pending", 2)


def test_a_review_is_read_only(staff, chef):
    review = make_review(chef)

    text = text_of(staff.get(page("review", "change", review.pk)))

    assert 'name="rating"' not in text
    assert staff.post(page("review", "change", review.pk), {"rating": 1}).status_code == 403


class TestDecisions:
    """What staff decides in the name of a chef, by the services."""

    def decide(self, staff, action, *bookings):
        data = {"action": action, "_selected_action": [booking.pk for booking in bookings]}
        return text_of(staff.post(page("booking"), data, follow=True))

    @pytest.mark.parametrize(
        ("action", "state", "ticks"),
        [("confirm", "confirmed", 16), ("decline", "declined", 0), ("cancel", "cancelled", 0)],
    )
    def test_are_those_of_the_owner(self, staff, dee, chef, ana, action, state, ticks):
        bookings = [make_booking(chef, ana, starts_at=noon_utc(n)) for n in (5, 6)]

        text = self.decide(staff, action, *bookings)

        assert "2 bookings are done." in text
        assert set(Booking.objects.values_list("status", "version")) == {(state, 2)}
        assert Occupancy.objects.count() == ticks
        assert set(LogEntry.objects.values_list("user", flat=True)) == {dee.pk}

    def test_tell_what_could_not_be_done_and_why(self, staff, chef, ana):
        done = make_booking(chef, ana, status="cancelled")
        waiting = make_booking(chef, ana)

        text = self.decide(staff, "confirm", done, waiting)

        assert "1 booking is done." in text
        assert f"#{done.pk}: This can&#x27;t be done any more" in text
        assert Booking.objects.get(pk=done.pk).status == "cancelled"

    def test_need_the_permission_to_change(self, browse, chef, ana):
        viewer = User.objects.create_user("eve@example.test", is_staff=True)
        viewer.user_permissions.add(Permission.objects.get(codename="view_booking"))
        booking = make_booking(chef, ana)

        self.decide(browse(viewer), "confirm", booking)

        assert Booking.objects.get().status == "pending"


def test_pages_of_the_admin_have_the_sites_icon(browse, dee):
    assert 'rel="icon" href="/static/brand/favicon.svg"' in browse(dee).get("/admin/").text
