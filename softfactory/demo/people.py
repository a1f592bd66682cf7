"""Who is in the demo: customers, chefs' owners and one of the staff, before any row is written."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from random import Random

from softfactory.accounts.models import SCOPES, TOKEN_PREFIX, User
from softfactory.accounts.services.tokens import DEMO_TOKEN
from softfactory.demo.names import draw_hangul_name, draw_name
from softfactory.demo.places import BY_CITY, PLACES, Place
from softfactory.demo.profiles import PROFILES
from softfactory.demo.profiles.profile import Profile

DOMAIN = "demo.example"
PASSWORD = "softfactory-demo"

CUSTOMER, CHEF, STAFF = "customer", "chef", "staff"
OWN_SCOPES = [scope for scope in SCOPES if not scope.startswith("monitoring:")]
SCOPES_OF_ROLE = {CUSTOMER: OWN_SCOPES, CHEF: OWN_SCOPES, STAFF: list(SCOPES)}


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in."""

    name: str
    email: str
    role: str
    place: Place
    language: str = "en"

    @property
    def token(self) -> str:
        """A token that follows from the address alone, so that it can be told again."""
        if self.role == STAFF:
            return DEMO_TOKEN
        return TOKEN_PREFIX + hashlib.sha256(f"demo/{self.email}".encode()).hexdigest()[:40]

    def account(self, *, password: str, created_at: datetime) -> User:
        """Return the unsaved user; `password` is hashed already."""
        return User(
            email=self.email,
            name=self.name,
            password=password,
            language=self.language,
            timezone=self.place.timezone,
            is_staff=self.role == STAFF,
            is_superuser=self.role == STAFF,
            created_at=created_at,
        )


SEOUL = BY_CITY["Seoul"]
STAFF_MEMBER = Person("Dee Sullivan", f"dee@{DOMAIN}", STAFF, SEOUL)
FIRST_CUSTOMERS = (
    Person("Ana Moreira", f"ana@{DOMAIN}", CUSTOMER, SEOUL),
    Person("조은비", f"cho@{DOMAIN}", CUSTOMER, SEOUL, "ko"),
)


def draw_customers(seed: int, count: int) -> list[Person]:
    """Return the first `count` customers of this seed; the same ones begin every longer list."""
    drawn = [_draw_customer(seed, n) for n in range(len(FIRST_CUSTOMERS), count)]
    return [*FIRST_CUSTOMERS, *drawn][:count]


def owner_of(n: int, profile: Profile) -> Person:
    """Return who owns the demo's chef number `n`; the hand-written ones sign in by given name."""
    local = _slug(profile.given_name) if n < len(PROFILES) else f"{_slug(profile.name)}.{n}"
    return Person(profile.name, f"{local}@{DOMAIN}", CHEF, BY_CITY[profile.city])


def _draw_customer(seed: int, n: int) -> Person:
    rng = Random(f"{seed}/customer/{n}")
    [place] = rng.choices(PLACES, weights=[place.weight for place in PLACES])
    people = rng.choice(place.people)
    if people == "korean" and rng.random() < 0.65:
        return Person(draw_hangul_name(rng), f"guest.{n}@{DOMAIN}", CUSTOMER, place, "ko")
    name = draw_name(rng, people)
    return Person(name, f"{_slug(name)}.{n}@{DOMAIN}", CUSTOMER, place)


def _slug(name: str) -> str:
    """Return a name as the first half of an address: "Élodie Le Roux" is "elodie.le.roux"."""
    latin = unicodedata.normalize("NFKD", name.replace("ı", "i")).encode("ascii", "ignore")
    return re.sub(r"[^a-z-]+", ".", latin.decode().lower()).strip(".")
