"""The invariants count what is wrong, and nothing else."""

from datetime import timedelta

from bookings import invariants
from bookings.models import Chef, Occupancy
from softfactory.kernel import clock
from tests.makers import make_booking, make_chef, make_menu, make_review, noon_utc


def test_a_healthy_database_has_no_violations(ana, chef):
    make_booking(chef, ana)
    make_booking(chef, ana, starts_at=noon_utc() + timedelta(hours=2), status="confirmed")
    make_review(make_chef())
    assert invariants.count_overlaps() == 0
    assert invariants.count_wrong_occupancy() == 0
    assert invariants.count_wrong_ratings() == 0


def test_counts_overlapping_ranges_whatever_the_occupancy_says(ana, chef):
    make_booking(chef, ana)
    stray = make_booking(chef, ana, starts_at=noon_utc(20))
    type(stray).objects.filter(pk=stray.pk).update(
        starts_at=noon_utc() + timedelta(hours=1), ends_at=noon_utc() + timedelta(hours=3)
    )
    assert invariants.count_overlaps() == 1


def test_counts_buffers_as_time_taken(ana, chef):
    first = make_booking(chef, ana)
    make_booking(chef, ana, starts_at=noon_utc() + timedelta(hours=2))
    type(first).objects.filter(pk=first.pk).update(buffer_after_minutes=15)
    assert invariants.count_overlaps() == 1


def test_a_lapsed_hold_overlaps_nothing(ana, chef):
    lapsed = make_booking(chef, ana, status="held", expires_at=clock.now())
    Occupancy.objects.all().delete()
    make_booking(chef, ana, starts_at=lapsed.starts_at)
    assert invariants.count_overlaps() == 0


def test_counts_missing_and_stray_quarter_hours(ana, chef):
    missing = make_booking(chef, ana)
    Occupancy.objects.filter(tick=missing.occupancy.first().tick).delete()
    cancelled = make_booking(chef, ana, starts_at=noon_utc(9))
    type(cancelled).objects.filter(pk=cancelled.pk).update(status="cancelled")
    assert invariants.count_wrong_occupancy() == 2


def test_counts_wrong_diets(chef):
    make_menu(chef, dietary=["vegan"])
    make_menu(chef, dietary=["halal", "vegan"])
    make_menu(chef, dietary=["kosher"], is_active=False)
    assert invariants.count_wrong_diets() == 0
    Chef.objects.filter(pk=chef.pk).update_derived(diets=["vegan"])
    assert invariants.count_wrong_diets() == 1


def test_counts_wrong_ratings(ana, chef):
    make_review(chef, rating=4)
    Chef.objects.filter(pk=chef.pk).update_derived(rating_sum=5)
    assert invariants.count_wrong_ratings() == 1
