"""Guests: signed in, they book by the form, look at their bookings, and cancel some."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from tests.load import checks, markup
from tests.load.checks import Answer
from tests.load.journeys.member import Member
from tests.load.journeys.person import acknowledged, sold_once
from tests.load.journeys.visitors import CHEF
from tests.load.people import Person as Account

BOOK = "/coocook/chefs/{pk}/book"
BOOKINGS = "/coocook/bookings"
BOOKING = "/coocook/bookings/{pk}"
CANCEL = "/coocook/bookings/{pk}/cancel"


class Guest(Member):
    """Somebody who books."""

    def on_start(self) -> None:
        super().on_start()
        self.booked: list[int] = []

    def accounts(self) -> list[Account]:
        return self.cast.customers

    def book(self) -> None:
        """Choose a time on a chef's page, look at the price, and send the form."""
        self.enter()
        chef = self.some_chef()
        address = f"/coocook/chefs/{chef}"
        page = self.browser.open(address, CHEF, checks.shows('id="offer"'))
        self.think()
        if days := markup.links(page.text, rf"{address}\?date=[\d-]+"):
            page = self.browser.swap(self.dice.choice(days), CHEF, checks.shows('id="offer"'))
            self.think()
        free = markup.links(page.text, rf"{address}/book\?starts_at=.+")
        if not free:
            return
        chosen = self.one_of(free)
        form = self.browser.open_own(chosen, BOOK, checks.shows('id="book-form"'))
        self.think()
        self._send(chef, f"{address}/book", form, _asked(chosen))

    def look_at_bookings(self) -> None:
        """Open the list of one's bookings, and one of them."""
        self.enter()
        page = self.browser.open_own(BOOKINGS, BOOKINGS)
        self.think()
        if own := markup.links(page.text, r"/coocook/bookings/\d+"):
            self.browser.open_own(self.dice.choice(own), BOOKING)

    def cancel(self) -> None:
        """Take back one of the bookings made here."""
        if not self.booked:
            return
        booking = self.booked.pop(self.dice.randrange(len(self.booked)))
        address = f"/coocook/bookings/{booking}/cancel"
        page = self.browser.open_own(address, CANCEL)
        self.think()
        acknowledged.let_go(booking)
        # 409: its chef has declined it meanwhile.
        token = {
            "csrfmiddlewaretoken": markup.form_values(page.text).get("csrfmiddlewaretoken", "")
        }
        self.browser.submit(address, CANCEL, token, checks.status(302, 409))

    def _send(self, chef: int, address: str, form: Answer, asked: dict[str, str]) -> None:
        values = markup.form_values(form.text) | {"special_requests": ""}
        if "starts_at" not in values:
            return  # taken while the price was looked at, as the form says
        starts_at = datetime.fromisoformat(values["starts_at"])
        ends_at = starts_at + timedelta(hours=int(asked["duration_hours"]))

        def is_sold_once(answer: Answer) -> None:
            if answer.status == 302:
                booking = int(answer.headers["location"].rpartition("/")[2])
                sold_once(booking, chef, starts_at, ends_at)

        # 409: somebody was quicker. 422: the chef's notice passed while it was filled in.
        allowed = checks.status(302, 409, 422)
        answer = self.browser.submit(address, BOOK, values, allowed, is_sold_once)
        if answer.status == 302:
            address = answer.headers["location"]
            self.booked.append(int(address.rpartition("/")[2]))
            self.browser.open_own(address, BOOKING)


def _asked(address: str) -> dict[str, str]:
    """What the link to the form carries: start, hours, guests."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
