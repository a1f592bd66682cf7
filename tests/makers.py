"""Makers of rows: what a test does not name has a sensible, always equal value."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bookings.models import (
    AvailabilityRule,
    Booking,
    BusyCalendar,
    Chef,
    ConnectedCalendar,
    Menu,
    Occupancy,
    Policy,
    Review,
    Series,
    SeriesPart,
    WaitlistEntry,
)
from bookings.services.busy import subscribe as subscribe_to
from bookings.services.connecting import keep_calendar
from softfactory.accounts.models import SCOPES, ApiToken, User, WebhookDelivery
from softfactory.accounts.services.emitting import send_ping
from softfactory.accounts.services.endpoints import NewSecret, create_endpoint
from softfactory.kernel import clock
from softfactory.kernel.money import Money
from softfactory.kernel.registry import settled, told
from softfactory.payments.models import Payment, Subject
from softfactory.payments.services.cards import add_card
from softfactory.payments.services.charging import request_payment
from softfactory.payments.services.settling import settle_payment
from subscriptions.models import Coupon, Feature, Plan, PlanFeature, Product, Subscription
from subscriptions.services.subscribing import subscribe

PASSWORD = "a-password-for-tests"

_serial = itertools.count(1)

#: What payments of tests are for, and what it heard: its id, and the state they came to rest in.
ORDER = "tests.order"
heard: list[tuple[int, str]] = []


def _hear(order: int, payment: int) -> None:
    heard.append((order, Payment.objects.get(pk=payment).state))


settled.register(ORDER, _hear)

#: What webhooks of tests are told of, where it does not matter what it is.
HAPPENED = "tests.happened"
told.register(HAPPENED, lambda pk: {"id": pk})


def make_user(email: str | None = None, **overrides: Any) -> User:
    """A verified user who signs in with PASSWORD."""
    email = email or f"user{next(_serial)}@example.test"
    values = {"name": email.partition("@")[0].title()} | overrides
    user = User.objects.create_user(email, PASSWORD, **values)
    user.emailaddress_set.create(email=email, verified=True, primary=True)
    return user


def make_endpoint(
    user: User, url: str = "https://hooks.example/in", *, types: Sequence[str] = (HAPPENED,)
) -> NewSecret:
    """A webhook endpoint, and its secret; unless told otherwise it hears of what happens here."""
    return create_endpoint(user=user, url=url, types=types, now=clock.now())


def make_delivery(user: User, **overrides: Any) -> WebhookDelivery:
    """A ping to an endpoint of the user's that was off then."""
    delivery = send_ping(endpoint=make_endpoint(user).endpoint, now=clock.now())
    values = {"state": WebhookDelivery.State.DROPPED, "due_at": None} | overrides
    WebhookDelivery.objects.filter(pk=delivery.pk).update(**values)
    return WebhookDelivery.objects.get(pk=delivery.pk)


def make_token(user: User, **overrides: Any) -> str:
    """A token with every scope, valid for a year, used just now; returns its text."""
    text = ApiToken.new_text()
    now = clock.now()
    values = {
        "scopes": list(SCOPES),
        "expires_at": now + timedelta(days=365),
        "last_used_at": now,
    }
    ApiToken.for_text(text, user=user, **values | overrides).save()
    return text


def make_chef(owner: User | None = None, *, hours: Any = ((9, 21),), **overrides: Any) -> Chef:
    """A Korean chef in Seoul, open every day during `hours` (pairs of local hours)."""
    values = {
        "owner": owner or make_user(),
        "name": f"Chef {next(_serial)}",
        "bio": "Cooks what the market had this morning.",
        "cuisine": "Korean",
        "location": "Seoul",
        "timezone": "Asia/Seoul",
        "currency": "KRW",
        "session_rate_amount": 100_000,
        "hourly_rate_amount": 50_000,
        "price_per_guest_amount": 30_000,
    }
    chef = Chef.objects.create(**values | overrides)
    AvailabilityRule.objects.bulk_create(
        AvailabilityRule(chef=chef, weekday=day, starts=first * 60, ends=last * 60 % 1440)
        for day in range(7)
        for first, last in hours
    )
    return chef


def noon_utc(days: int = 7) -> datetime:
    """03:00 UTC, which is noon in Seoul, `days` from now: free with a chef of make_chef()."""
    day = (clock.now() + timedelta(days=days)).date()
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def make_booking(
    chef: Chef | None = None, customer: User | None = None, **overrides: Any
) -> Booking:
    """A booking for two hours and two guests, in a week; one that takes time has its ticks."""
    chef = chef or make_chef()
    starts_at = overrides.pop("starts_at", None) or noon_utc()
    hours = overrides.pop("duration_hours", 2)
    guests = overrides.pop("guests", 2)
    amounts = {
        "session_amount": chef.session_rate_amount,
        "hours_amount": chef.hourly_rate_amount * hours,
        "guests_amount": chef.price_per_guest_amount * guests,
    }
    values = {
        "status": Booking.Status.PENDING,
        "timezone": chef.timezone,
        "currency": chef.currency,
        "buffer_before_minutes": chef.buffer_before_minutes,
        "buffer_after_minutes": chef.buffer_after_minutes,
        "total_amount": sum(amounts.values()),
    }
    booking = Booking.objects.create(
        chef=chef,
        customer=customer or make_user(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        duration_hours=hours,
        guests=guests,
        **values | amounts | overrides,
    )
    if booking.status in Booking.OCCUPYING:
        Occupancy.objects.bulk_create(
            Occupancy(chef=chef, tick=tick, booking=booking, releases_at=booking.expires_at)
            for tick in booking.ticks
        )
    return booking


def make_menu(chef: Chef, **overrides: Any) -> Menu:
    """Three courses in three hours, for two guests to eight; what the chef's suit follows."""
    values = {
        "title": f"Menu {next(_serial)}",
        "courses": "Broth\nRice\nPersimmon",
        "currency": chef.currency,
        "price_per_guest_amount": 80_000,
        "duration_hours": 3,
        "min_guests": 2,
        "max_guests": 8,
    }
    menu = Menu.objects.create(chef=chef, **values | overrides)
    Chef.objects.filter(pk=chef.pk).keep_diets()
    return menu


def make_wait(chef: Chef, customer: User, **overrides: Any) -> WaitlistEntry:
    """A place in line for a day in a week, for two hours and two guests."""
    values = {"date": noon_utc().date(), "duration_hours": 2, "guests": 2} | overrides
    return WaitlistEntry.objects.create(chef=chef, customer=customer, **values)


def make_busy_calendar(chef: Chef, url: str = "https://calendar.example/a.ics") -> BusyCalendar:
    """A calendar elsewhere that nobody has read yet."""
    return subscribe_to(chef=chef, name="Home", url=url, now=clock.now())


def make_series(chef: Chef, customer: User, times: int = 2) -> Series:
    """Visits of a chef, every week from in three weeks on, that a customer asked for together."""
    series = Series.objects.create(chef=chef, customer=customer, every_weeks=1, times=times)
    for number in range(1, times + 1):
        booking = make_booking(chef, customer, starts_at=noon_utc(14 + 7 * number))
        SeriesPart.objects.create(series=series, booking=booking, number=number)
    return series


def make_connected_calendar(
    chef: Chef, url: str = "https://calendar.example/dav/ben/work/", **overrides: str
) -> ConnectedCalendar:
    """A calendar that is connected, and that nobody has read or written yet."""
    opens = {"username": "ben", "password": "an-app-password"} | overrides
    return keep_calendar(chef=chef, name="Work", url=url, opens=opens, now=clock.now())


def make_policy(chef: Chef, **overrides: Any) -> Policy:
    """What a chef asks from now on: 30 % when booking, the rest 3 days before the visit.

    Cancelling is free 10 days ahead, costs the deposit up to 4 days ahead, and then all.
    """
    values = {"upfront_percent": 30, "balance": "before", "balance_days": 3}
    values |= {"tiers": [[10, 0], [4, 30]]} | overrides
    policy = Policy.objects.create(**values)
    Chef.objects.filter(pk=chef.pk).update(policy=policy)
    chef.refresh_from_db()
    return policy


def make_hold(chef: Chef, customer: User) -> Booking:
    """A hold of a chef who is paid here, in two weeks: it is to be paid for."""
    return make_booking(
        chef,
        customer,
        starts_at=noon_utc(14),
        status=Booking.Status.HELD,
        policy=chef.policy,
        payment_status=Booking.PaymentStatus.DUE,
        expires_at=clock.now() + timedelta(minutes=5),
    )


def make_review(chef: Chef | None = None, *, rating: int = 5, **overrides: Any) -> Review:
    """A review of a booking that was completed a week ago; the chef's rating follows."""
    booking = overrides.pop("booking", None) or make_booking(
        chef, starts_at=noon_utc(-7), status=Booking.Status.COMPLETED
    )
    values = {"author_name": "Ana", "text": "The pancakes were worth the wait."} | overrides
    values = {"published_at": clock.now()} | values
    review = Review.objects.create(booking=booking, chef=booking.chef, rating=rating, **values)
    reviewed = Chef.objects.get(pk=booking.chef_id)
    stars = f"stars_{rating}"
    Chef.objects.filter(pk=reviewed.pk).update_derived(**{stars: getattr(reviewed, stars) + 1})
    count, total = reviewed.review_count + 1, reviewed.rating_sum + rating
    Chef.objects.filter(pk=reviewed.pk).update_derived(
        review_count=count, rating_sum=total, rating_hundredths=(total * 200 + count) // (2 * count)
    )
    return review


def make_product(slug: str | None = None, *, plans: Any = (), **overrides: Any) -> Product:
    """A product with a monthly and a yearly plan, unless `plans` says which."""
    serial = next(_serial)
    values = {"name": f"Product {serial}", "description": "What it does.", "icon": "calendar"}
    product = Product.objects.create(slug=slug or f"product-{serial}", **values | overrides)
    for plan in plans or (
        {"name": "Monthly", "interval": "month", "price_amount": 9_900, "rank": 1},
        {"name": "Yearly", "interval": "year", "price_amount": 99_000, "rank": 2},
    ):
        Plan.objects.create(product=product, **plan)
    return product


def make_feature(key: str = "sns.posts", *, plans: Any = (), **overrides: Any) -> Feature:
    """What is metered, and without a plan none of it; `plans` maps plans to how much they allow."""
    values = {"name": key.rpartition(".")[2].title(), "kind": Feature.Kind.METERED}
    feature = Feature.objects.create(key=key, **values | overrides)
    for plan, value in dict(plans).items():
        PlanFeature.objects.create(plan=plan, feature=feature, value=value)
    return feature


def make_coupon(code: str = "SPRING", **overrides: Any) -> Coupon:
    """Half off one period."""
    return Coupon.objects.create(**{"code": code, "percent": 50} | overrides)


def make_payment(user: User, *, card: str = "card_authenticate", **overrides: Any) -> Payment:
    """A payment by one of the sandbox's cards, as far as it gets; by default the bank asks."""
    now = clock.now()
    add_card(user=user, token=card, now=now)
    values = {"amount": Money(9_900), "subject": Subject(ORDER, next(_serial)), "attempt": 1}
    payment = request_payment(user=user, now=now, **values | overrides)
    return settle_payment(payment.pk, now=now)


def make_subscription(user: User) -> Subscription:
    """A subscription to the smaller of two plans that cost nothing, with its invoice."""
    plans = [
        {"name": name, "interval": "month", "price_amount": 0, "rank": rank}
        for rank, name in enumerate(("Small", "Large"))
    ]
    product = make_product("free", plans=plans)
    small = product.plans.by_rank()[0]
    return subscribe(user=user, plan_id=small.pk, now=clock.now())
