"""A chef's dashboard, and the editor of when the chef works."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from bookings.models import AvailabilityException, AvailabilityRule, Booking, Chef
from bookings.services.earning import earn
from softfactory.kernel import clock
from softfactory.kernel.money import Money
from tests.makers import make_booking, make_chef, make_policy, noon_utc

pytestmark = pytest.mark.django_db

DASHBOARD = "/coocook/dashboard"
WEDNESDAY = datetime(2027, 3, 3, 0, 30, tzinfo=UTC)  # 9:30 in Seoul


@pytest.fixture
def now():
    """A Wednesday morning in Seoul."""
    with time_machine.travel(WEDNESDAY, tick=False):
        yield WEDNESDAY


def at(day, hour):
    """An hour in Seoul, in March 2027."""
    return datetime(2027, 3, day, hour, tzinfo=UTC) - timedelta(hours=9)


def editor(chef):
    return f"/coocook/chefs/{chef.pk}/availability"


def filled(chef, **overrides):
    """The editor's form as it is, but for what the test names."""
    values = {
        "version": Chef.objects.get(pk=chef.pk).version,
        "timezone": "Asia/Seoul",
        "durations": [2, 3, 4],
        "step": 30,
        "buffer_before": 0,
        "buffer_after": 0,
        "notice_hours": 0,
        "horizon_days": 90,
        **{f"day_{day}": "09:00–21:00" for day in range(7)},
    }
    return values | overrides


def test_shows_today_and_the_week_by_the_chefs_clock(browse, ben, ana, chef, now):
    today = make_booking(chef, ana, starts_at=at(3, 18), status="confirmed")
    monday = make_booking(chef, ana, starts_at=at(1, 12), status="completed")
    sunday = make_booking(chef, ana, starts_at=at(7, 20))
    make_booking(chef, ana, starts_at=at(8, 9))  # next Monday
    make_booking(chef, ana, starts_at=at(5, 9), status="cancelled")
    make_booking(make_chef(), ana, starts_at=at(4, 9))

    page = browse(ben).get(DASHBOARD).context
    week = [(day.date.day, [row.booking for row in day.visits]) for day in page["week"]]
    assert week == [(1, [monday]), (2, []), (3, [today]), (4, []), (5, []), (6, []), (7, [sunday])]
    assert [row.booking for row in page["today"].visits] == [today]
    assert [row.booking for row in page["waiting"]] == [
        sunday,
        *Booking.objects.filter(starts_at=at(8, 9)),
    ]


def test_accepts_and_declines_in_place(browse, ben, ana, chef):
    first, second = make_booking(chef, ana), make_booking(chef, ana, starts_at=noon_utc(8))
    browser = browse(ben)
    sent = {"from": "dashboard"}

    answer = browser.post(f"/coocook/bookings/{first.pk}/confirm", sent)
    assert answer.url == f"{DASHBOARD}?chef={chef.pk}"
    browser.post(f"/coocook/bookings/{second.pk}/decline", sent)
    assert set(Booking.objects.values_list("status", flat=True)) == {"confirmed", "declined"}
    again = browser.post(f"/coocook/bookings/{second.pk}/confirm", sent)
    assert again.status_code == 409
    assert "Waiting for your answer" in again.content.decode()


def test_says_what_was_earned_this_month(browse, ben, ana, chef, now):
    make_policy(chef)
    for month, total in ((2, 50_000), (3, 100_000)):
        booking = make_booking(
            chef,
            ana,
            policy=chef.policy,
            payment_status="paid",
            status="completed",
            starts_at=at(1, month),
        )
        then = datetime(2027, month, 2, tzinfo=UTC)
        earn(booking=booking, total=Money(total, "KRW"), now=then)

    assert browse(ben).get(DASHBOARD).context["earned"] == Money(90_000, "KRW")


def test_each_chef_of_an_owner_has_one_and_nobody_elses_is_shown(browse, ben, cho, chef):
    second = make_chef(ben, name="A second chef")
    browser = browse(ben)

    assert browser.get(DASHBOARD).context["chef"] == second
    assert browser.get(f"{DASHBOARD}?chef={chef.pk}").context["chef"] == chef
    assert browse(cho).get(f"{DASHBOARD}?chef={chef.pk}").status_code == 404
    assert "You are no chef here yet" in browse(cho).get(DASHBOARD).content.decode()


def test_the_editor_saves_hours_dates_and_rules(browse, ben, chef):
    sent = filled(
        chef,
        day_0="",
        day_5="10-14, 18:00 – 01:00",
        buffer_after=45,
        notice_hours=24,
        per_day=2,
        instant="on",
        **{"dates_0-first": "2027-08-01", "dates_0-last": "2027-08-14", "dates_0-hours": ""},
        **{"dates_1-first": "2027-12-24", "dates_1-hours": "10:00-12:00, 14:00-16:00"},
    )
    answer = browse(ben).post(editor(chef), sent)

    assert answer.url == editor(chef)
    saved = Chef.objects.get(pk=chef.pk)
    rules = AvailabilityRule.objects.filter(chef=chef)
    assert not rules.filter(weekday=0).exists()
    saturday = rules.filter(weekday=5).order_by("starts").values_list("starts", "ends")
    assert list(saturday) == [(600, 840), (1080, 60)]
    closed = AvailabilityException.objects.filter(chef=chef, starts=None)
    assert closed.count() == 14
    assert AvailabilityException.objects.filter(chef=chef, date="2027-12-24").count() == 2
    assert saved.minimum_notice_minutes == 24 * 60
    assert (saved.bookings_per_day, saved.instant_booking) == (2, True)


def test_dates_in_a_row_that_differ_alike_are_shown_as_one(browse, ben, chef):
    days = [date(2027, 8, 1) + timedelta(days=n) for n in (0, 1, 2, 5)]
    AvailabilityException.objects.bulk_create(
        AvailabilityException(chef=chef, date=day) for day in days
    )
    form = browse(ben).get(editor(chef)).context["form"]

    known = [stretch.initial for stretch in form.stretches if stretch.initial]
    assert [(row["first"].day, row["last"].day) for row in known] == [(1, 3), (6, 6)]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("day_2", "nine to five", "Write hours as in"),
        ("day_2", "09:10-12:00", "quarter hour"),
        ("day_2", "09:00-25:00", "00:00 to 24:00"),
        ("day_2", "09:00-12:00, 09:00-14:00", "Write each window once"),
        ("dates_0-last", "2027-08-01", "something is wrong there"),
        ("buffer_before", "10", "whole quarter hours"),
        ("timezone", "Mars/Olympus", "no such time zone"),
        ("durations", [], "required"),
        ("version", "77", "changed this in the meantime"),
    ],
)
def test_the_editor_says_what_is_wrong_and_saves_nothing(browse, ben, chef, field, value, said):
    answer = browse(ben).post(editor(chef), filled(chef, horizon_days=5, **{field: value}))

    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert Chef.objects.get(pk=chef.pk).horizon_days == 90


def test_two_stretches_that_share_a_date_are_refused(browse, ben, chef):
    dates = {"dates_0-first": "2027-08-01", "dates_0-last": "2027-08-05"}
    dates |= {"dates_1-first": "2027-08-05"}
    answer = browse(ben).post(editor(chef), filled(chef, **dates))
    assert "share a date" in answer.content.decode()


def test_shows_what_would_be_offered_without_saving(browse, ben, chef):
    day = noon_utc(3).date()
    sent = filled(chef, look="1", look_day=day.isoformat(), look_hours=2)
    sent[f"day_{day.weekday()}"] = "10:00-13:00"
    page = browse(ben).post(editor(chef), sent)

    preview = page.context["preview"]
    assert page.status_code == 200
    assert [slot.local.strftime("%H:%M") for slot in preview.times] == ["10:00", "10:30", "11:00"]
    assert Chef.objects.get(pk=chef.pk).version == chef.version
    assert "outside of your hours" in preview.lines[0].words


@pytest.mark.parametrize(
    ("time", "change", "said"),
    [
        ("12:30", {}, "The visit of Ana takes this time"),
        ("12:10", {"step": 15}, "quarter hours"),
        ("12:15", {}, "no step from"),
        ("22:00", {}, "outside of your hours"),
        ("20:00", {}, "hours end before"),
        ("15:00", {}, "It is offered."),
        ("15:00", {"per_day": 1}, "You take 1 booking a day, and have it."),
        ("15:00", {"horizon_days": 2}, "more than 2 days ahead"),
        ("15:00", {"notice_hours": 300}, "notice of 300 hours"),
    ],
)
def test_answers_why_a_time_is_not_offered(browse, ben, ana, chef, time, change, said):
    make_booking(chef, ana)
    looked = {"look": "1", "look_day": noon_utc().date().isoformat(), "look_at": time}
    page = browse(ben).post(editor(chef), filled(chef, **looked, **change))

    assert said in page.context["preview"].answer


def test_an_absurd_day_is_looked_at_without_harm(browse, ben, chef):
    for day in ("0001-01-01", "9999-12-31", "never"):
        answer = browse(ben).get(f"{editor(chef)}?look_day={day}&look_at=12:00")
        assert answer.status_code == 200
    assert clock.now()
