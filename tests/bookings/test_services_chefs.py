"""What owners do with chefs, below HTTP: versions, currencies, windows, generations."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError

from bookings.models import AvailabilityException, AvailabilityRule, Chef
from bookings.services.calendar import schedule_of
from bookings.services.chefs import create_chef, edit_chef, replace_availability
from bookings.slots import DatedWindow, Schedule, WeeklyWindow
from softfactory.kernel.db import generations
from softfactory.kernel.money import Money
from softfactory.kernel.problems import InvalidRequest, PreconditionFailed
from tests.makers import make_chef, make_user

DETAILS = {"name": "Nari", "cuisine": "Korean", "location": "Jeju"}
RATES = ("session_rate", "hourly_rate", "price_per_guest")
SCHEDULE = Schedule(
    zone=ZoneInfo("Europe/Paris"),
    weekly=(WeeklyWindow(0, 540, 720), WeeklyWindow(5, 1080, 120)),
    dated=(DatedWindow(date(2027, 1, 1), None, None), DatedWindow(date(2027, 1, 2), 0, 1440)),
    buffer_before=15,
    buffer_after=30,
    minimum_notice=60,
    horizon_days=10,
    durations=(1, 4),
    step=45,
)


def loaded(chef):
    return Chef.objects.with_availability().get(pk=chef.pk)


def test_creates_a_chef_with_rates_in_its_currency(ben):
    rates = {name: Money(n, "EUR") for n, name in enumerate(RATES)}

    chef = create_chef(owner=ben, details=DETAILS | rates)

    chef.refresh_from_db()
    assert (chef.owner, chef.name, chef.version, chef.currency) == (ben, "Nari", 1, "EUR")
    assert {name: getattr(chef, name) for name in RATES} == rates
    assert schedule_of(loaded(chef)).weekly == ()


def test_edits_what_it_is_told_and_moves_the_version(chef):
    edited = edit_chef(chef=chef, versions={1}, changes={"hourly_rate": Money(7, "KRW")})

    assert (edited.version, edited.hourly_rate.amount) == (2, 7)
    assert (edited.name, edited.session_rate) == (chef.name, chef.session_rate)
    assert edited.updated_at > chef.updated_at


def test_any_version_may_be_meant(chef):
    edit_chef(chef=chef, versions=None, changes={"name": "first"})

    assert edit_chef(chef=chef, versions=None, changes={"name": "second"}).version == 3


@pytest.mark.parametrize("versions", [set(), {2}, {0, 7}])
def test_refuses_to_write_over_another_version(chef, versions):
    with pytest.raises(PreconditionFailed) as edited:
        edit_chef(chef=chef, versions=versions, changes={"name": "Nari"})
    with pytest.raises(PreconditionFailed) as replaced:
        replace_availability(chef=chef, versions=versions, schedule=SCHEDULE)

    assert edited.value.code == replaced.value.code == "stale_version"
    assert Chef.objects.get().version == 1
    assert AvailabilityRule.objects.count() == 7


def test_currencies_do_not_mix_with_rates_that_stay(ben):
    chef = make_chef(ben, session_rate_amount=0)
    won, euro = Money(1, "KRW"), Money(1, "EUR")

    with pytest.raises(InvalidRequest) as refused:
        edit_chef(chef=chef, versions=None, changes={"hourly_rate": euro, "session_rate": euro})
    with pytest.raises(InvalidRequest):
        create_chef(owner=ben, details=DETAILS | {"hourly_rate": won, "session_rate": euro})

    fields = {error["field"] for error in refused.value.errors}
    assert fields == {"hourly_rate", "session_rate"}
    assert Chef.objects.get().currency == "KRW"


def test_a_rate_of_nothing_has_no_currency_of_its_own(ben):
    chef = make_chef(ben, session_rate_amount=0)
    euro = Money(5, "EUR")

    edited = edit_chef(
        chef=chef, versions=None, changes={"hourly_rate": euro, "price_per_guest": euro}
    )

    assert (edited.hourly_rate, edited.session_rate) == (euro, Money(0, "EUR"))


def test_replaces_windows_and_rules_as_a_whole(chef):
    AvailabilityException.objects.create(chef=chef, date=date(2026, 12, 24))

    replaced = replace_availability(chef=chef, versions={1}, schedule=SCHEDULE)

    stored = schedule_of(loaded(chef))
    assert schedule_of(replaced) == stored
    assert set(stored.weekly) == set(SCHEDULE.weekly)
    assert set(stored.dated) == set(SCHEDULE.dated)
    assert replace(stored, weekly=(), dated=()) == replace(SCHEDULE, weekly=(), dated=())
    assert replaced.version == 2


def test_another_chefs_windows_stay(chef):
    other = make_chef()

    replace_availability(chef=chef, versions=None, schedule=SCHEDULE)

    assert other.availability_rules.count() == 7
    assert Chef.objects.get(pk=other.pk).version == 1


def test_writes_all_or_nothing(chef):
    schedule = replace(SCHEDULE, weekly=SCHEDULE.weekly[:1] * 2)

    with pytest.raises(IntegrityError):
        replace_availability(chef=chef, versions=None, schedule=schedule)

    assert Chef.objects.get().timezone == "Asia/Seoul"
    assert AvailabilityRule.objects.count() == 7


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "write",
    [
        lambda chef: edit_chef(chef=chef, versions=None, changes={"name": "Nari"}),
        lambda chef: replace_availability(chef=chef, versions=None, schedule=SCHEDULE),
    ],
    ids=["edit", "availability"],
)
def test_moves_the_list_and_this_calendar_alone(write):
    chef, other = make_chef(make_user()), make_chef(make_user())
    names = ["chefs", f"calendar:{chef.pk}", f"calendar:{other.pk}"]
    before = [generations.numbers(name) for name in names]

    write(chef)

    after = [generations.numbers(name) for name in names]
    assert [b != a for b, a in zip(before, after, strict=True)] == [True, True, False]


@pytest.mark.django_db(transaction=True)
def test_a_new_chef_moves_the_list_and_nobodys_calendar():
    other = make_chef(make_user())
    names = ["chefs", f"calendar:{other.pk}"]
    before = [generations.numbers(name) for name in names]

    create_chef(owner=other.owner, details=DETAILS | {"hourly_rate": Money(1)})

    after = [generations.numbers(name) for name in names]
    assert [b != a for b, a in zip(before, after, strict=True)] == [True, False]
