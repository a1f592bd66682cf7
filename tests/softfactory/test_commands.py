"""run_due and verify: what the clock and the operator call."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from bookings.models import Booking
from softfactory.kernel import clock
from softfactory.kernel.models import Generation
from softfactory.kernel.registry import Registry, due, invariants
from tests.makers import make_booking, noon_utc


@pytest.fixture
def rounds(monkeypatch):
    """The instants at which a registered piece of work was called, beside the real ones."""
    called = []
    monkeypatch.setitem(due._functions, "tests.work", lambda now: called.append(now) or 1)
    return called


def test_run_due_expires_holds(ana, chef):
    make_booking(chef, ana, status="held", expires_at=clock.now() - timedelta(seconds=1))
    call_command("run_due")
    assert Booking.objects.get().status == "expired"


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["2027-03-28T09:00:00Z", "2027-03-28T18:00:00+09:00"])
def test_run_due_acts_as_if_it_were_another_instant(rounds, text):
    call_command("run_due", now=text)
    assert rounds == [datetime(2027, 3, 28, 9, tzinfo=UTC)]


@pytest.mark.django_db
def test_run_due_says_what_an_instant_is():
    with pytest.raises(CommandError, match="2027-03-28T09:00:00Z"):
        call_command("run_due", now="tomorrow")


@pytest.mark.django_db(transaction=True)
def test_run_due_with_nothing_due_leaves_what_is_kept(ana, chef):
    make_booking(chef, ana, starts_at=noon_utc(-3), status="confirmed")
    call_command("run_due")
    numbers = dict(Generation.objects.values_list("name", "number"))
    assert numbers

    call_command("run_due")

    assert dict(Generation.objects.values_list("name", "number")) == numbers


@pytest.mark.django_db
def test_run_due_goes_on_after_a_failure_and_tells(monkeypatch, rounds):
    def fail(now):
        raise RuntimeError

    monkeypatch.setattr(due, "_functions", {"tests.fail": fail} | due._functions)
    with pytest.raises(CommandError, match=r"tests\.fail"):
        call_command("run_due")
    assert len(rounds) == 1


@pytest.mark.django_db
def test_verify_counts_nothing_in_a_healthy_database():
    out = StringIO()
    call_command("verify", json=True, stdout=out)
    violations = json.loads(out.getvalue())["violations"]
    assert set(violations) >= {"bookings.overlaps", "bookings.wrong_occupancy"}
    assert set(violations.values()) == {0}


@pytest.mark.django_db
def test_verify_names_what_is_violated_and_exits_1(monkeypatch):
    monkeypatch.setitem(invariants._functions, "tests.broken", lambda: 3)
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("verify", json=True, stdout=out)
    assert caught.value.returncode == 1
    assert json.loads(out.getvalue())["violations"]["tests.broken"] == 3


def test_a_registry_takes_a_key_once():
    registry = Registry()
    registry.register("a", print)
    with pytest.raises(ValueError, match="registered already"):
        registry.register("a", print)
