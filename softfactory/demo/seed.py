"""Fills a database with the demo's content, the same content for the same seed and day."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from random import Random

from django.db import transaction
from django.utils import translation

from bookings.models import Chef
from softfactory.accounts.models import User
from softfactory.demo.diary import draw_visits
from softfactory.demo.kitchens import Kitchen, draw_kitchen
from softfactory.demo.menus import write_menus
from softfactory.demo.people import CHEF as OWNER
from softfactory.demo.people import DOMAIN, PASSWORD, STAFF_MEMBER, Person, draw_customers, owner_of
from softfactory.demo.posts import write_social
from softfactory.demo.rows import Book, write_books, write_people, write_products
from softfactory.demo.stories import Clientele, Narrator

CHEFS_AT_ONCE = 200  # those whose bookings are in memory together


class OtherContent(Exception):
    """The database holds demo content of another seed, or less of it than is asked for."""


@dataclass(frozen=True)
class SeededUser:
    """A demo user, and how to sign in as one."""

    id: int
    email: str
    password: str
    token: str
    role: str
    name: str


@dataclass(frozen=True)
class SeededChef:
    """A demo chef."""

    id: int
    owner_id: int


@dataclass(frozen=True)
class SeedResult:
    """What the demo consists of; `is_new` tells whether it was written just now."""

    users: list[SeededUser]
    chefs: list[SeededChef]
    is_new: bool


def seed(*, users: int, chefs: int, bookings: int, seed: int, now: datetime) -> SeedResult:
    """Write `users` customers, `chefs` chefs with an owner each, one of the staff, and bookings.

    Everything follows from `seed` and from the day of `now` (UTC), at whose midnight the past
    ends. A database that holds these people already is left as it is; one that holds others of
    the demo raises OtherContent. ValueError: bookings without anybody to book or be booked.
    """
    if bookings and not (users and chefs):
        raise ValueError("Bookings need at least one customer and one chef.")
    now = now.replace(hour=0, minute=0, second=0, microsecond=0)
    kitchens = [draw_kitchen(seed, n, today=now.date()) for n in range(chefs)]
    customers = draw_customers(seed, users)
    owners = [owner_of(n, kitchen.profile) for n, kitchen in enumerate(kitchens)]
    # Ana, Ben and Dee come first, whatever the sizes.
    people = [*customers[:1], *owners[:1], STAFF_MEMBER, *customers[1:], *owners[1:]]
    if found := _found(people):
        return _result(people, found, is_new=False)

    past_days = max(365, 3 * bookings // max(chefs, 1))
    joined = now - timedelta(days=past_days + 40)
    with transaction.atomic():
        accounts = write_people(people, now=now, joined=joined)
        write_products()
        clientele = Clientele.of(customers, [accounts[person.email] for person in customers])
        author = Author(seed, now, past_days, joined, clientele)
        cast = zip(kitchens, owners, _shares(seed, kitchens, bookings), strict=True)
        books = (
            author.book(n, kitchen, owner=accounts[owner.email], total=share)
            for n, (kitchen, owner, share) in enumerate(cast)
        )
        for some in batched(books, CHEFS_AT_ONCE, strict=False):
            write_books(some)
        if owners:
            _write_social(accounts[owners[0].email], now=now)
    return _result(people, {email: user.pk for email, user in accounts.items()}, is_new=True)


@dataclass(frozen=True)
class Author:
    """Writes a chef's book: when they were booked, by whom, and what came of it."""

    seed: int
    now: datetime
    past_days: int
    joined: datetime
    clientele: Clientele

    def book(self, n: int, kitchen: Kitchen, *, owner: User, total: int) -> Book:
        """Return the book of chef number `n`, with `total` bookings."""
        rng = Random(f"{self.seed}/bookings/{n}")
        chef = kitchen.chef(owner)
        # The hand-written ones joined last, since the newest are what a list begins with.
        chef.created_at = chef.updated_at = self.joined - timedelta(hours=n)
        past, future = draw_visits(
            rng, kitchen, total=total, now=self.now, past_days=self.past_days
        )
        narrator = Narrator(rng, kitchen, chef, self.clientele, self.now, is_first=n == 0)
        stories = list(narrator.tell(past, future))
        return Book(
            kitchen,
            chef,
            bookings=[booking for booking, _ in stories],
            reviews=[review for _, review in stories if review],
            menus=write_menus(Random(f"{self.seed}/menus/{n}"), kitchen, chef),
        )


def _write_social(owner: User, *, now: datetime) -> None:
    """In English, whoever writes it: Ben's guests come from everywhere."""
    with translation.override("en"):
        chef = Chef.objects.owned_by(owner).order_by("pk")[0]
        write_social(owner, chef, now=now)


def _found(people: list[Person]) -> dict[str, int] | None:
    """Return the ids by address of people written earlier, None if there is no demo yet."""
    domain = User.objects.filter(email__endswith=f"@{DOMAIN}")
    found = dict(domain.values_list("email", "pk"))
    if found and not found.keys() >= {person.email for person in people}:
        raise OtherContent
    return found or None


def _result(people: list[Person], ids: dict[str, int], *, is_new: bool) -> SeedResult:
    users = [SeededUser(ids[p.email], p.email, PASSWORD, p.token, p.role, p.name) for p in people]
    chefs = Chef.objects.filter(owner__in=[user.id for user in users if user.role == OWNER])
    rows = chefs.order_by("pk").values_list("pk", "owner_id")
    return SeedResult(users, [SeededChef(*row) for row in rows], is_new)


def _shares(seed: int, kitchens: list[Kitchen], bookings: int) -> list[int]:
    """Divide the bookings among the chefs by popularity."""
    if not kitchens:
        return []
    weights = [kitchen.popularity for kitchen in kitchens]
    drawn = Counter(Random(f"{seed}/shares").choices(range(len(kitchens)), weights, k=bookings))
    return [drawn[n] for n in range(len(kitchens))]
