"""Visitors: nobody knows who they are, and they look around."""

from urllib.parse import urlencode

from softfactory.kernel import clock
from tests.load import checks, markup
from tests.load.browser import Browser
from tests.load.habits import NEWCOMERS
from tests.load.journeys.person import Person

EXPLORE = "/coocook/explore"
CHEF = "/coocook/chefs/{pk}"
REVIEWS = "/coocook/chefs/{pk}/reviews"

FILTERS = (
    {"cuisine": "Korean"},
    {"location": "Seoul"},
    {"location": "Busan", "guests": "4"},
    {"min_rating": "4.5"},
    {"sort": "price", "max_price": "60000"},
    {"q": "seafood"},
)


class Visitor(Person):
    """Somebody who looks."""

    def on_start(self) -> None:
        super().on_start()
        self.browser = Browser(self)

    def arrive(self) -> None:
        """Come to the front page, and go on to what is there."""
        self._maybe_new()
        self.browser.open("/", "/", checks.shows("</html>"))
        self.think()
        self.browser.open(EXPLORE, EXPLORE, checks.shows('id="results"'))

    def look_around(self) -> None:
        """Go through the list, filter it, turn its page, and open somebody."""
        self._maybe_new()
        page = self.browser.open(EXPLORE, EXPLORE, checks.shows('id="results"'))
        self.think()
        chosen = self.dice.choice((*FILTERS, {"available_on": clock.now().date().isoformat()}))
        address = f"{EXPLORE}?{urlencode(chosen)}"
        found = self.browser.swap(address, EXPLORE, checks.shows('id="results"'))
        self.think()
        if following := markup.links(page.text, rf"{EXPLORE}\?page=\d+"):
            self.browser.open(following[0], EXPLORE, checks.shows('id="results"'))
            self.think()
        if chefs := markup.links(found.text, r"/coocook/chefs/\d+"):
            self.browser.open(self.dice.choice(chefs), CHEF, checks.shows('id="offer"'))

    def read_chef(self) -> None:
        """Read about a chef: another day, and what guests say."""
        self._maybe_new()
        address = f"/coocook/chefs/{self.some_chef()}"
        page = self.browser.open(address, CHEF, checks.shows('id="offer"'))
        self.think()
        if days := markup.links(page.text, rf"{address}\?date=[\d-]+"):
            self.browser.swap(self.dice.choice(days), CHEF, checks.shows('id="offer"'))
            self.think()
        if more := markup.links(page.text, rf"{address}/reviews\?page=\d+"):
            self.browser.swap(more[0], REVIEWS)

    def _maybe_new(self) -> None:
        if self.dice.random() < NEWCOMERS:
            self.browser.forget()
