"""Owners of chefs: they look at who asks, and accept or decline."""

from tests.load import checks, markup
from tests.load.habits import DECLINED
from tests.load.journeys.member import Member
from tests.load.journeys.person import acknowledged
from tests.load.people import Person as Account

REQUESTS = "/coocook/requests"
ACCEPT = r'action="/coocook/bookings/(\d+)/confirm"'
MOST_ANSWERS = 3  # at one sitting


class Owner(Member):
    """Somebody who cooks."""

    def accounts(self) -> list[Account]:
        return self.cast.owners

    def answer_requests(self) -> None:
        """Answer what waits, some at a time."""
        self.enter()
        page = self.browser.open_own(REQUESTS, REQUESTS)
        for _answer in range(MOST_ANSWERS):
            waiting = markup.numbers(ACCEPT, page.text)
            if not waiting:
                return
            self.think()
            self._answer(waiting[0], markup.form_values(page.text).get("csrfmiddlewaretoken", ""))
            page = self.browser.open_own(REQUESTS, REQUESTS)

    def look_at_bookings(self) -> None:
        """Open one of the bookings that are coming."""
        self.enter()
        page = self.browser.open_own(REQUESTS, REQUESTS)
        self.think()
        if coming := markup.links(page.text, r"/coocook/bookings/\d+"):
            self.browser.open_own(self.dice.choice(coming), "/coocook/bookings/{pk}")

    def _answer(self, booking: int, token: str) -> None:
        verb = "decline" if self.dice.random() < DECLINED else "confirm"
        if verb == "decline":
            acknowledged.let_go(booking)
        # 409: its customer has cancelled it meanwhile.
        self.browser.submit(
            f"/coocook/bookings/{booking}/{verb}",
            f"/coocook/bookings/{{pk}}/{verb}",
            {"csrfmiddlewaretoken": token},
            checks.status(302, 409),
        )
