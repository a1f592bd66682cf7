"""Writes the demo's rows, in batches and in the order in which they depend on each other."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from bookings.models import (
    AvailabilityException,
    AvailabilityRule,
    Booking,
    Chef,
    Menu,
    Occupancy,
    Policy,
    Review,
)
from softfactory.accounts.models import ApiToken, User
from softfactory.demo.kitchens import Kitchen
from softfactory.demo.people import PASSWORD, SCOPES_OF_ROLE, Person
from softfactory.demo.products import OFFERS, Offer
from softfactory.payments.models import Card
from softfactory.payments.services.cards import demo_card
from subscriptions.models import Exemption, Feature, Plan, PlanFeature, Product

BATCH = 2_000  # rows a statement
TOKEN_LIFE = timedelta(days=3650)


@dataclass(frozen=True)
class Book:
    """A chef with all that was booked and written about them, none of it saved yet."""

    kitchen: Kitchen
    chef: Chef
    bookings: list[Booking]
    reviews: list[Review]
    menus: list[Menu]


def write_people(people: list[Person], *, now: datetime, joined: datetime) -> dict[str, User]:
    """Write users, their verified addresses, tokens and cards; return the users by address.

    They joined before `joined`, the first of them last. No plan limits any of them.
    """
    password = make_password(PASSWORD)  # once: a good hash is slow, and everybody's is the same
    users = [
        person.account(password=password, created_at=joined - timedelta(hours=n))
        for n, person in enumerate(people)
    ]
    User.objects.bulk_create(users, BATCH)
    EmailAddress.objects.bulk_create(
        (EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users),
        BATCH,
    )
    ApiToken.objects.bulk_create(
        (
            ApiToken.for_text(
                person.token,
                user=user,
                name="Demo",
                scopes=SCOPES_OF_ROLE[person.role],
                created_at=user.created_at,
                expires_at=now + TOKEN_LIFE,
            )
            for person, user in zip(people, users, strict=True)
        ),
        BATCH,
    )
    Exemption.objects.bulk_create(
        (Exemption(user=user, reason="Tries the demo", created_at=now) for user in users), BATCH
    )
    Card.objects.bulk_create((demo_card(user=user, now=user.created_at) for user in users), BATCH)
    return {user.email: user for user in users}


def write_products() -> None:
    """Write the products that are not there yet, each by the month and by the year."""
    known = set(Product.objects.values_list("slug", flat=True))
    offers = [offer for offer in OFFERS if offer.slug not in known]
    products = Product.objects.bulk_create(
        Product(slug=offer.slug, name=offer.name, description=offer.description, icon=offer.icon)
        for offer in offers
    )
    terms = ((1, "Monthly", Plan.Interval.MONTH), (2, "Yearly", Plan.Interval.YEAR))
    plans = Plan.objects.bulk_create(
        Plan(
            product=product,
            name=name,
            interval=interval,
            price_amount=offer.price_by(interval),
            trial_days=offer.trial_days,
            rank=rank,
        )
        for product, offer in zip(products, offers, strict=True)
        for rank, name, interval in terms
    )
    _write_features(offers, dict(zip(offers, batched(plans, len(terms), strict=True), strict=True)))


def _write_features(offers: list[Offer], plans: Mapping[Offer, Sequence[Plan]]) -> None:
    """Write the features of these offers, and how much of them the plans of each allow."""
    features = [allowance for offer in offers for allowance in offer.allows]
    Feature.objects.bulk_create(
        Feature(key=one.key, name=one.name, kind=one.kind, free=one.free, rank=rank)
        for rank, one in enumerate(features, 1)
    )
    PlanFeature.objects.bulk_create(
        PlanFeature(plan=plan, feature_id=one.key, value=value)
        for offer in offers
        for one in offer.allows
        for plan, value in zip(plans[offer], (one.by_month, one.by_year), strict=True)
    )


def write_books(books: Sequence[Book]) -> None:
    """Write chefs with their hours, and their bookings with the time they take and the reviews."""
    for book in books:
        _rate(book.chef, book.reviews)
    policies = (book.chef.policy for book in books)
    Policy.objects.bulk_create([policy for policy in policies if policy], BATCH)
    Chef.objects.bulk_create((book.chef for book in books), BATCH)
    Menu.objects.bulk_create((menu for book in books for menu in book.menus), BATCH)
    Chef.objects.keep_diets()
    AvailabilityRule.objects.bulk_create(
        (rule for book in books for rule in book.kitchen.rules(book.chef)), BATCH
    )
    AvailabilityException.objects.bulk_create(
        (row for book in books for row in book.kitchen.exceptions(book.chef)), BATCH
    )
    bookings = [booking for book in books for booking in book.bookings]
    Booking.objects.bulk_create(bookings, BATCH)
    Occupancy.objects.bulk_create(_occupancy(bookings), BATCH)
    Review.objects.bulk_create((review for book in books for review in book.reviews), BATCH)


def _rate(chef: Chef, reviews: list[Review]) -> None:
    """Set the columns that follow from the reviews."""
    chef.review_count = len(reviews)
    chef.rating_sum = sum(review.rating for review in reviews)
    for stars, count in Counter(review.rating for review in reviews).items():
        setattr(chef, f"stars_{stars}", count)
    if reviews:
        chef.rating_hundredths = round(100 * chef.rating_sum / chef.review_count)


def _occupancy(bookings: Iterable[Booking]) -> list[Occupancy]:
    return [
        Occupancy(chef_id=booking.chef_id, tick=tick, booking=booking)
        for booking in bookings
        if booking.status in Booking.OCCUPYING
        for tick in booking.ticks
    ]
