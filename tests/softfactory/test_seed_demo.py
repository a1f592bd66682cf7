"""The demo's content: the same every time, true to every rule, and refused outside of a demo."""

import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import F

from bookings.models import Booking, Chef, Occupancy, Review
from bookings.services.calendar import schedule_of
from bookings.services.pricing import price_of
from bookings.slots import refusal
from sns.models import Campaign, Post, Publication, Template
from softfactory.accounts.models import SCOPES, ApiToken, User
from softfactory.demo.seed import OtherContent, seed
from softfactory.payments.models import Card
from subscriptions.models import Exemption, Product
from subscriptions.services.entitlements import entitlements_of

# Shortly after clocks were put forward in Europe, so that bookings lie on both sides.
NOW = datetime(2026, 4, 2, 15, 20, tzinfo=UTC)
MIDNIGHT = datetime(2026, 4, 2, tzinfo=UTC)
SMALL = {"users": 5, "chefs": 8, "bookings": 160, "seed": 7}


@pytest.fixture
def content(db):
    """A small demo."""
    return seed(**SMALL, now=NOW)


@pytest.fixture
def in_demo(settings):
    """A site that runs as a demo."""
    settings.DEMO = True


def snapshot():
    """Return what people see of the demo, without the ids."""
    booking = ("chef__name", "customer__email", "starts_at", "status", "total_amount", "created_at")
    return {
        "users": list(User.objects.order_by("pk").values_list("email", "name", "created_at")),
        "chefs": list(Chef.objects.order_by("pk").values_list("name", "bio", "durations")),
        "bookings": list(Booking.objects.order_by("pk").values_list(*booking)),
        "requests": list(Booking.objects.order_by("pk").values_list("special_requests", flat=True)),
        "reviews": list(Review.objects.order_by("pk").values_list("text", "rating", "created_at")),
    }


def empty():
    """Remove all that a demo consists of."""
    for model in (Post, Campaign, Template, Booking, Chef, User):
        model.objects.all().delete()


def test_no_plan_limits_the_demos_people(content):
    exempt = set(Exemption.objects.values_list("user", flat=True))
    assert exempt == {user.id for user in content.users}
    ana = User.objects.get(pk=content.users[0].id)
    allowed = entitlements_of(ana, now=NOW)
    assert [(one.limit, one.is_allowed) for one in allowed] == [(None, True)] * 4


def test_makes_as_many_as_asked_for(content):
    roles = [user.role for user in content.users]
    assert [roles.count(role) for role in ("customer", "chef", "staff")] == [5, 8, 1]
    assert User.objects.count() == 14
    assert len(content.chefs) == Chef.objects.count() == 8
    assert Booking.objects.count() == 160


def test_begins_with_ana_ben_and_dee(content):
    first = [(user.role, user.email) for user in content.users[:3]]
    assert first == [
        ("customer", "ana@demo.example"),
        ("chef", "ben@demo.example"),
        ("staff", "dee@demo.example"),
    ]
    assert content.chefs[0].owner_id == content.users[1].id


def test_same_seed_and_day_make_the_same_content(content):
    first = snapshot()
    empty()
    seed(**SMALL, now=NOW.replace(hour=23))
    assert snapshot() == first


def test_another_seed_makes_other_content(content):
    first = snapshot()
    empty()
    seed(**SMALL | {"seed": 8}, now=NOW)
    assert snapshot()["bookings"] != first["bookings"]
    assert snapshot()["users"] != first["users"]


def test_a_second_run_changes_nothing_and_tells_the_same(content):
    first = snapshot()
    again = seed(**SMALL, now=NOW + timedelta(days=3))
    assert snapshot() == first
    assert not again.is_new
    assert (again.users, again.chefs) == (content.users, content.chefs)


def test_refuses_to_add_to_other_demo_content(content):
    with pytest.raises(OtherContent):
        seed(**SMALL | {"users": 6}, now=NOW)
    assert User.objects.count() == 14


def test_refuses_bookings_that_nobody_could_make(db):
    with pytest.raises(ValueError, match="at least one customer"):
        seed(users=0, chefs=1, bookings=1, seed=1, now=NOW)


def test_every_booking_was_a_start_that_the_chef_offers(content):
    chefs = Chef.objects.with_availability().in_bulk()
    schedules = {pk: schedule_of(chef) for pk, chef in chefs.items()}
    refused = [
        (booking.pk, reason)
        for booking in Booking.objects.all()
        if (
            reason := refusal(
                schedules[booking.chef_id],
                set(),
                starts_at=booking.starts_at,
                hours=booking.duration_hours,
                now=booking.created_at,
            )
        )
    ]
    assert refused == []


def test_visits_of_a_chef_never_overlap_buffers_included(content):
    seen = defaultdict(set)
    for booking in Booking.objects.all():
        owned = set(booking.ticks)
        assert not owned & seen[booking.chef_id]
        seen[booking.chef_id] |= owned


def test_exactly_the_bookings_to_come_occupy_time(content):
    expected = {
        (booking.chef_id, tick, booking.pk)
        for booking in Booking.objects.occupying()
        for tick in booking.ticks
    }
    assert set(Occupancy.objects.values_list("chef_id", "tick", "booking_id")) == expected
    assert expected
    assert not Booking.objects.occupying().filter(starts_at__lt=MIDNIGHT).exists()
    assert not Booking.objects.filter(status="completed", ends_at__gt=MIDNIGHT).exists()


def test_prices_are_what_the_rates_make(content):
    for booking in Booking.objects.with_chef():
        price = price_of(chef=booking.chef, hours=booking.duration_hours, guests=booking.guests)
        assert booking.total_price == price.total
    assert not Booking.objects.filter(guests__gt=F("chef__max_guests")).exists()


def test_ratings_agree_with_reviews(content):
    assert Review.objects.exists()
    for chef in Chef.objects.prefetch_related("reviews"):
        ratings = [review.rating for review in chef.reviews.all()]
        assert (chef.review_count, chef.rating_sum) == (len(ratings), sum(ratings))
        mean = sum(ratings) / len(ratings) if ratings else 0
        assert abs(chef.rating_hundredths - 100 * mean) <= 0.5


def test_only_completed_bookings_are_reviewed_and_only_afterwards(content):
    reviews = Review.objects.select_related("booking")
    assert not reviews.exclude(booking__status="completed").exists()
    assert not reviews.filter(created_at__lte=F("booking__ends_at")).exists()
    assert not reviews.filter(created_at__gt=MIDNIGHT).exists()
    assert not reviews.exclude(chef=F("booking__chef")).exists()


def test_things_happened_in_order(content):
    bookings = Booking.objects.all()
    assert not bookings.filter(created_at__gte=F("starts_at")).exists()
    assert not bookings.filter(created_at__gte=MIDNIGHT).exists()
    assert not bookings.filter(decided_at__lt=F("created_at")).exists()
    assert not bookings.filter(created_at__lt=F("chef__created_at")).exists()
    assert not bookings.filter(created_at__lt=F("customer__created_at")).exists()


def test_who_confirms_at_once_has_no_requests_waiting(content):
    assert not Booking.objects.filter(status="pending", chef__instant_booking=True).exists()
    assert Booking.objects.filter(status="pending", chef__owner__email="ben@demo.example").exists()


def test_ana_has_something_to_look_back_on_and_forward_to(content):
    mine = Booking.objects.filter(customer__email="ana@demo.example")
    assert mine.filter(status="completed").exists()
    assert mine.occupying().exists()


def test_everybody_can_sign_in_by_password_and_by_token(content):
    verified = set(EmailAddress.objects.filter(verified=True, primary=True).values_list("email"))
    users = User.objects.in_bulk()
    for told in content.users:
        user = users[told.id]
        assert (user.email, user.is_staff) == (told.email, told.role == "staff")
        assert (told.email,) in verified
        token = ApiToken.objects.get(digest=ApiToken.digest_of(told.token))
        assert token.user_id == told.id
        assert token.is_valid(now=NOW)
        monitored = {scope for scope in SCOPES if scope.startswith("monitoring")}
        assert set(token.scopes) == set(SCOPES) - (set() if user.is_staff else monitored)
    assert users[content.users[0].id].check_password("softfactory-demo")


def test_everybody_has_a_card_that_pays(content):
    for user in User.objects.all():
        card = Card.objects.of(user).get()
        assert (card.gateway, card.last4) == ("sandbox", "4242")


def test_all_passwords_share_one_hash(content):
    assert User.objects.values("password").distinct().count() == 1


def test_products_are_sold_by_month_and_year(content):
    assert Product.objects.count() == 6
    for product in Product.objects.prefetch_related("plans"):
        intervals = {plan.interval: plan.price_amount for plan in product.plans.all()}
        assert intervals["year"] == 10 * intervals["month"]


def test_products_that_exist_are_left_alone(db):
    Product.objects.create(slug="coocook", name="Ours")
    seed(users=1, chefs=1, bookings=0, seed=1, now=NOW)
    assert Product.objects.get(slug="coocook").name == "Ours"
    assert Product.objects.count() == 6


@pytest.mark.django_db
def test_command_prints_what_programs_need_as_json(in_demo):
    out = StringIO()
    call_command("seed_demo", users=2, chefs=3, bookings=9, json=True, stdout=out)
    told = json.loads(out.getvalue())
    assert set(told) == {"users", "chefs"}
    assert {frozenset(user) for user in told["users"]} == {
        frozenset({"id", "email", "password", "token", "role"})
    }
    assert [chef.keys() for chef in told["chefs"]] == [{"id", "owner_id"}] * 3
    owners = {user["id"] for user in told["users"] if user["role"] == "chef"}
    assert {chef["owner_id"] for chef in told["chefs"]} == owners
    staff = [user for user in told["users"] if user["role"] == "staff"]
    assert [user["token"] for user in staff] == ["demo_token"]


@pytest.mark.django_db
def test_command_prints_the_first_sign_ins_for_people(in_demo):
    out = StringIO()
    call_command("seed_demo", users=2, chefs=1, bookings=0, stdout=out)
    for word in ("ana@demo.example", "ben@demo.example", "demo_token", "softfactory-demo"):
        assert word in out.getvalue()


@pytest.mark.django_db
def test_command_refuses_outside_of_a_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="SOFTFACTORY_DEMO=1"):
        call_command("seed_demo")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_command_refuses_a_size_below_zero(in_demo):
    with pytest.raises(CommandError, match="from 0 up"):
        call_command("seed_demo", users=-1)


def test_the_first_owner_has_something_to_post_and_posted_nothing(content):
    ben = User.objects.get(email="ben@demo.example")

    posts = Post.objects.of_owners([ben.pk])
    assert sorted(posts.values_list("state", flat=True)) == ["draft"] * 4 + ["in_review"]
    [quote] = posts.filter(is_quote=True)
    assert quote.review.is_quotable
    assert quote.review.text in quote.text
    assert Template.objects.of_owners([ben.pk]).count() == 4
    assert Campaign.objects.of_owners([ben.pk]).get().posts.count() == 1
    assert not Publication.objects.exists()
