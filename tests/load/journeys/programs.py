"""Programs: with a token, they read lists and free times, book, cancel, and renew their token."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from softfactory.kernel import clock
from tests.load import checks
from tests.load.browser import Program as Client
from tests.load.checks import Answer
from tests.load.journeys.person import Person, acknowledged, sold_once

CHEFS = "/api/coocook/chefs"
CHEF = "/api/coocook/chefs/{pk}"
SLOTS = "/api/coocook/chefs/{pk}/slots"
REVIEWS = "/api/coocook/chefs/{pk}/reviews"
BOOKINGS = "/api/coocook/bookings"
CANCEL = "/api/coocook/bookings/{pk}/cancel"
TOKENS = "/api/auth/tokens"
TOKEN = "/api/auth/tokens/{pk}"

HOURS = 3
WEEKS_AHEAD = 6
FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"sort": "rating", "limit": 10},
    {"cuisine": "Korean"},
    {"location": "Seoul", "guests": 4},
    {"min_rating": "4.5", "sort": "rating"},
    {"currency": "KRW", "max_price": 60_000, "sort": "price"},
)


class Program(Person):
    """A partner's program, which acts for one customer."""

    def on_start(self) -> None:
        super().on_start()
        # From the other end, so that few programs share their customer with a guest.
        self.account = self.cast.customers[-1 - self.number % len(self.cast.customers)]
        self.client_of_api = Client(self, self.account.token)
        self.booked: list[int] = []

    def list_chefs(self) -> None:
        """Read a list, with its second page if there is one."""
        asked = self.dice.choice(FILTERS)
        address = f"{CHEFS}?{urlencode(asked)}" if asked else CHEFS
        page = self.client_of_api.read(address, CHEFS, checks.rows(checks.CHEF))
        if page and (following := page.json["next"]):
            self.think()
            self.client_of_api.read(_address(following), CHEFS, checks.rows(checks.CHEF))

    def read_chef(self) -> None:
        """Read a chef, the free times of a week, and the reviews."""
        chef = self.some_chef()
        self.client_of_api.read(f"{CHEFS}/{chef}", CHEF, checks.row(checks.CHEF))
        self._free(chef)
        self.think()
        reviews = f"{CHEFS}/{chef}/reviews"
        self.client_of_api.read(reviews, REVIEWS, checks.rows(checks.REVIEW))

    def book(self) -> None:
        """Book a free time of a chef."""
        chef = self.some_chef()
        free = self._free(chef)
        if not free:
            return
        body = {"chef_id": chef, "starts_at": self.one_of(free), "duration_hours": HOURS}

        def is_sold_once(answer: Answer) -> None:
            if answer.status == 201:
                made = answer.json
                starts_at = datetime.fromisoformat(made["starts_at"])
                sold_once(made["id"], chef, starts_at, datetime.fromisoformat(made["ends_at"]))

        answer = self.client_of_api.write(
            "POST",
            BOOKINGS,
            BOOKINGS,
            body,
            checks.status(201, 409, 422),
            checks.booking_or_refusal,
            is_sold_once,
        )
        if answer.status == 201:
            self.booked.append(answer.json["id"])

    def list_bookings(self) -> None:
        """Read the customer's bookings."""
        self.client_of_api.read_own(BOOKINGS, BOOKINGS, checks.rows(checks.BOOKING))

    def cancel(self) -> None:
        """Take back one of the bookings made here."""
        if not self.booked:
            return
        booking = self.booked.pop(self.dice.randrange(len(self.booked)))
        acknowledged.let_go(booking)
        address = f"{BOOKINGS}/{booking}/cancel"
        # 409: its chef has declined it meanwhile.
        self.client_of_api.write("POST", address, CANCEL, None, checks.status(200, 409))

    def renew_token(self) -> None:
        """Get a token by password, look whose it is, and revoke it."""
        sent = {"email": self.account.email, "password": self.account.password, "name": "load"}
        issued = self.client_of_api.write(
            "POST", TOKENS, TOKENS, sent, checks.status(201), checks.row(frozenset({"id", "token"}))
        )
        new = Client(self, issued.json["token"])
        new.read_own("/api/auth/me", "/api/auth/me", checks.row(frozenset({"email"})))
        new.write("DELETE", f"{TOKENS}/{issued.json['id']}", TOKEN, None, checks.status(204))

    def _free(self, chef: int) -> list[str]:
        """Free times within a week that lies some weeks ahead."""
        first = clock.now().date() + timedelta(weeks=self.dice.randrange(WEEKS_AHEAD), days=1)
        asked = {"from": first, "to": first + timedelta(days=6), "duration_hours": HOURS}
        address = f"{CHEFS}/{chef}/slots?{urlencode(asked)}"
        answer = self.client_of_api.read(address, SLOTS, checks.slots)
        return [slot["starts_at"] for slot in answer.json["slots"]] if answer else []


def _address(url: str) -> str:
    """Return a link of the API without the host, which a proxy may know by another name."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"
