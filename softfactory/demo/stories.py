"""What became of each visit: who asked for it, how it ended, and what the guests say of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from bookings.models import Booking, Chef, Review
from bookings.services.pricing import price_of
from softfactory.accounts.models import User
from softfactory.demo.diary import Visit
from softfactory.demo.kitchens import Kitchen
from softfactory.demo.numbers import in_words
from softfactory.demo.occasions import OCCASIONS, Occasion, draw_request
from softfactory.demo.people import Person
from softfactory.demo.reviews import write_review

Status = Booking.Status

PAST = {
    Status.COMPLETED: 86,
    Status.CANCELLED: 7,
    Status.DECLINED: 3,
    Status.EXPIRED: 2,
    Status.NO_SHOW: 2,
}
# In turns rather than at random, so that a chef with a few visits ahead has some of each.
FUTURE = (Status.CONFIRMED, Status.PENDING, Status.CONFIRMED, Status.PENDING, Status.CANCELLED)
AT_ONCE = {Status.PENDING: Status.CONFIRMED, Status.DECLINED: Status.COMPLETED}

REVIEWED = 0.78  # of the completed visits
LONGEST_LEAD = timedelta(days=24)
TIME_TO_ANSWER = timedelta(days=1)


@dataclass
class Clientele:
    """The customers to draw from, by where they live. The first one is Ben's regular: Ana."""

    accounts: list[User]
    homes: dict[str, list[User]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, people: Iterable[Person], accounts: list[User]) -> "Clientele":
        clientele = cls(accounts)
        for person, account in zip(people, accounts, strict=True):
            clientele.homes[person.place.city].append(account)
        return clientele

    def draw(self, rng: Random, city: str) -> User:
        """Return somebody from that city, or one time in six from anywhere."""
        locals_ = self.homes.get(city)
        return rng.choice(locals_ if locals_ and rng.random() < 0.84 else self.accounts)


@dataclass(frozen=True)
class Narrator:
    """Tells the story of every visit of one chef; `is_first` is Ben's, whom Ana books."""

    rng: Random
    kitchen: Kitchen
    chef: Chef
    clientele: Clientele
    now: datetime
    is_first: bool

    def tell(
        self, past: list[Visit], future: list[Visit]
    ) -> Iterator[tuple[Booking, Review | None]]:
        """Yield an unsaved booking for each visit, with its unsaved review where there is one."""
        statuses = self.rng.choices(list(PAST), list(PAST.values()), k=len(past))
        for visit, status in zip(past, statuses, strict=True):
            yield self._past(visit, self._own_way(status))
        for turn, visit in enumerate(future):
            status = self._own_way(FUTURE[turn % len(FUTURE)])
            if status == Status.PENDING and visit.starts_at - self.now < 2 * TIME_TO_ANSWER:
                status = Status.CONFIRMED
            customer = self._customer(insist=turn % 3 == 0)
            yield self._booking(visit, status, customer, self.rng.choice(OCCASIONS)), None

    def _own_way(self, status: Status) -> Status:
        """A chef who confirms at once has no requests to answer."""
        return AT_ONCE.get(status, status) if self.chef.instant_booking else status

    def _customer(self, *, insist: bool) -> User:
        if self.is_first and insist:
            return self.clientele.accounts[0]
        return self.clientele.draw(self.rng, self.chef.location)

    def _past(self, visit: Visit, status: Status) -> tuple[Booking, Review | None]:
        customer = self._customer(insist=self.rng.random() < 0.25)
        occasion = self.rng.choice(OCCASIONS)
        booking = self._booking(visit, status, customer, occasion)
        written_at = visit.ends_at + timedelta(minutes=self.rng.randint(180, 9 * 24 * 60))
        is_reviewed = status == Status.COMPLETED and self.rng.random() < REVIEWED
        if not is_reviewed or written_at > self.now:
            return booking, None
        return booking, self._review(booking, occasion, written_at)

    def _booking(self, visit: Visit, status: Status, customer: User, occasion: Occasion) -> Booking:
        chef = self.chef
        guests = self._party()
        price = price_of(chef=chef, hours=visit.hours, guests=guests)
        created_at = self._asked_at(visit)
        decided_at = None if status == Status.PENDING else self._decided_at(created_at, visit)
        return Booking(
            chef=chef,
            customer=customer,
            status=status,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            timezone=chef.timezone,
            duration_hours=visit.hours,
            buffer_before_minutes=chef.buffer_before_minutes,
            buffer_after_minutes=chef.buffer_after_minutes,
            guests=guests,
            special_requests=draw_request(self.rng, occasion, customer.language),
            decided_at=decided_at,
            currency=chef.currency,
            session_amount=price.session.amount,
            hours_amount=price.hours.amount,
            guests_amount=price.guests.amount,
            total_amount=price.total.amount,
            created_at=created_at,
            updated_at=decided_at or created_at,
        )

    def _party(self) -> int:
        """Most often two to six; now and then as many as the chef takes."""
        most = self.chef.max_guests
        if most > 6 and self.rng.random() < 0.12:
            return self.rng.randint(7, most)
        return min(self.rng.choice((2, 2, 2, 3, 4, 4, 4, 5, 6)), most)

    def _asked_at(self, visit: Visit) -> datetime:
        notice = timedelta(minutes=self.chef.minimum_notice_minutes)
        lead = min(timedelta(minutes=self.rng.expovariate(1 / (8 * 24 * 60))), LONGEST_LEAD)
        asked_at = visit.starts_at - notice - lead
        if asked_at < self.now:
            return asked_at
        return self.now - timedelta(minutes=self.rng.randint(10, 20 * 60))

    def _decided_at(self, created_at: datetime, visit: Visit) -> datetime:
        if self.chef.instant_booking:
            return created_at
        end = min(created_at + TIME_TO_ANSWER, self.now, visit.starts_at)
        return created_at + (end - created_at) * self.rng.random()

    def _review(self, booking: Booking, occasion: Occasion, written_at: datetime) -> Review:
        [rating] = self.rng.choices((5, 4, 3, 2, 1), weights=self.kitchen.stars)
        language = booking.customer.language
        in_korean = language == "ko"
        dish = self.rng.choice(self.kitchen.cuisine.dishes)
        place = self.kitchen.place
        return Review(
            booking=booking,
            chef=self.chef,
            author_name=booking.customer.name,
            rating=rating,
            text=write_review(
                self.rng,
                rating=rating,
                language=language,
                chef=self.kitchen.profile.given_name,
                dish=dish.korean if in_korean else dish.name,
                praise=dish.praise,
                occasion=occasion.korean if in_korean else occasion.name,
                city=place.korean if in_korean else place.city,
                party=party(booking.guests),
            ),
            created_at=written_at,
            published_at=written_at,
            # Whoever was content, and by nobody's plan in half of the cases.
            may_be_quoted=rating > 3 and written_at.minute % 2 == 0,
        )


def party(guests: int) -> str:
    """Return how guests count themselves: "the two of us", "four of us", "40 of us"."""
    if guests <= 2:
        return ("just me", "the two of us")[guests - 1]
    return f"{in_words(guests)} of us"
