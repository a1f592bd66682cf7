"""Guests: signed in, they book by the form, look at their bookings, and cancel some."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from tests.load import checks, markup
from tests.load.checks import Answer, Check
from tests.load.journeys.member import Member
from tests.load.journeys.person import acknowledged, sold_once
from tests.load.journeys.visitors import CHEF
from tests.load.people import Person as Account

BOOK = "/coocook/chefs/{pk}/book"
BOOKINGS = "/coocook/bookings"
BOOKING = "/coocook/bookings/{pk}"
CANCEL = "/coocook/bookings/{pk}/cancel"
PAY = "/coocook/bookings/{pk}/pay"


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
        values = markup.form_values(page.text)
        if "csrfmiddlewaretoken" in values:  # else its chef has declined it, as the page says
            # 409: that happened just now, or the chef has accepted it, which costs something.
            self.browser.submit(address, CANCEL, values, checks.status(302, 409))

    def _send(self, chef: int, address: str, form: Answer, asked: dict[str, str]) -> None:
        values = markup.form_values(form.text) | {"special_requests": ""}
        if "starts_at" not in values:
            return  # taken while the price was looked at, as the form says
        starts_at = datetime.fromisoformat(values["starts_at"])
        ends_at = starts_at + timedelta(hours=int(asked["duration_hours"]))

        def is_sold_once(answer: Answer) -> None:
            if booking := _booked(answer):
                sold_once(booking, chef, starts_at, ends_at)

        # 409: somebody was quicker. 422: the chef's notice passed while it was filled in.
        allowed = checks.status(302, 409, 422)
        answer = self.browser.submit(address, BOOK, values, allowed, is_sold_once)
        if answer.status == 302 and not _booked(answer):
            answer = self._pay(answer.headers["location"], is_sold_once)
        if booking := _booked(answer):
            self.booked.append(booking)
            self.browser.open_own(answer.headers["location"], BOOKING)

    def _pay(self, address: str, is_sold_once: Check) -> Answer:
        """Let one's card pay for a time that is held."""
        page = self.browser.open_own(address, PAY)
        self.think()
        values = markup.form_values(page.text)
        return self.browser.submit(address, PAY, values, checks.status(302), is_sold_once)


def _booked(answer: Answer) -> int:
    """Return the booking that the answer leads to; 0 if it is to be paid for first, or is none."""
    last = answer.headers.get("location", "").rpartition("/")[2]
    return int(last) if answer.status == 302 and last.isdecimal() else 0


def _asked(address: str) -> dict[str, str]:
    """What the link to the form carries: start, hours, guests."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
