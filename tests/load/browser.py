"""The two kinds of clients: a browser, which keeps and revalidates, and a program with a token.

Both send one request at a time, under the name of its route, and check the answer. What fails a
check is a failure of that request, and ends the journey that it belonged to.
"""

from typing import Any
from urllib.parse import urlsplit

from locust import FastHttpUser
from locust.exception import RescheduleTask

from tests.load import checks, markup
from tests.load.checks import Answer, Check, Unexpected
from tests.load.outcome import FILES

MARKER = "signed_in"
HTML = {"Accept": "text/html"}
HTMX = {"HX-Request": "true"}


class Client:
    """Sends requests over the connection of one Locust user, and checks what comes back."""

    def __init__(self, user: FastHttpUser) -> None:
        self._session = user.client

    def send(self, method: str, address: str, route: str, *demands: Check, **sent: Any) -> Answer:
        """Return the answer that meets all demands; any other ends the journey."""
        with self._session.request(
            method, address, name=route, catch_response=True, allow_redirects=False, **sent
        ) as response:
            if not response.status_code:  # no answer: Locust counts that by itself
                answer = None
            else:
                headers = {name.lower(): value for name, value in response.headers.items()}
                answer = Answer(response.status_code, headers, bytes(response.content or b""))
                try:
                    for demand in demands:
                        demand(answer)
                except Unexpected as unexpected:
                    response.failure(str(unexpected))
                    answer = None
                else:
                    response.success()
        if answer is None:
            raise RescheduleTask
        return answer


class Browser(Client):
    """A person's browser. Public pages are revalidated, files kept, personal pages forgotten."""

    def __init__(self, user: FastHttpUser) -> None:
        super().__init__(user)
        self._kept: dict[str, Answer] = {}
        self._files: set[str] = set()

    def forget(self) -> None:
        """Become the browser of somebody who has never been here."""
        self._kept.clear()
        self._files.clear()
        self._session.cookiejar.clear()

    def open(self, address: str, route: str, *demands: Check) -> Answer:
        """Open a public page, with its files and what it loads into itself."""
        page = self._public(address, route, demands, HTML)
        self._load(page)
        return page

    def swap(self, address: str, route: str, *demands: Check) -> Answer:
        """Ask for part of a public page, as htmx does when something on it is chosen."""
        part = self._public(address, route, demands, HTML | HTMX)
        self._load(part)
        return part

    def open_own(self, address: str, route: str, *demands: Check) -> Answer:
        """Open a personal page, which is asked for anew each time."""
        wanted = (checks.status(200), checks.private, checks.tagged(), *demands)
        page = self.send("GET", address, route, *wanted, headers=HTML)
        self._load(page)
        return page

    def submit(self, address: str, route: str, values: dict[str, str], *demands: Check) -> Answer:
        """Send a form."""
        headers = HTML | {"Referer": f"{self._session.base_url}{address}"}
        wanted = (checks.private, *demands)
        return self.send("POST", address, route, *wanted, data=values, headers=headers)

    def _public(
        self, address: str, route: str, demands: tuple[Check, ...], headers: dict[str, str]
    ) -> Answer:
        key = f"{headers.get('HX-Request', '')} {address}"
        kept = self._kept.get(key)
        if kept is not None:
            headers = headers | {"If-None-Match": kept.etag}
        tag = checks.tagged(kept.etag if kept else "")
        status = checks.status(200, 304) if kept else checks.status(200)
        wanted = (status, checks.public, tag)
        answer = self.send("GET", address, route, *wanted, *_of_bodies(demands), headers=headers)
        if answer.status == 304:
            return kept
        self._kept[key] = answer
        return answer

    def _load(self, page: Answer) -> None:
        """Fetch what the page names and this browser has not, then what the page loads."""
        hinted = markup.hinted(page.headers.get("link", ""))
        for address in dict.fromkeys([*hinted, *markup.files(page.text)]):
            if address not in self._files:
                self._files.add(address)
                is_hashed = address.startswith("/static/built/")
                wanted = (checks.immutable,) if is_hashed else ()
                self.send("GET", address, FILES, checks.status(200), *wanted)
        for address in markup.fragments(page.text):
            self.swap(address, urlsplit(address).path)
        if (menu := markup.menu(page.text)) and self._is_signed_in():
            self.send("GET", menu, menu, checks.status(200), checks.private, headers=HTML | HTMX)

    def _is_signed_in(self) -> bool:
        return any(cookie.name == MARKER for cookie in self._session.cookiejar)


class Program(Client):
    """A program with a token, which keeps the tag of what it has read."""

    def __init__(self, user: FastHttpUser, token: str) -> None:
        super().__init__(user)
        self.token = token
        self._tags: dict[str, str] = {}

    def read(self, address: str, route: str, *demands: Check) -> Answer | None:
        """Return a public resource; None if it is still what was read before."""
        sent = self._tags.get(address, "")
        headers = {"If-None-Match": sent} if sent else {}
        status = checks.status(200, 304) if sent else checks.status(200)
        wanted = (status, checks.public, checks.tagged(sent), *_of_bodies(demands))
        answer = self.send("GET", address, route, *wanted, headers=headers)
        self._tags[address] = answer.etag
        return answer if answer.status == 200 else None

    def read_own(self, address: str, route: str, *demands: Check) -> Answer:
        """Return a personal resource."""
        wanted = (checks.status(200), checks.private, checks.tagged(), *demands)
        return self.send("GET", address, route, *wanted, headers=self._signed)

    def write(self, method: str, address: str, route: str, body: Any, *demands: Check) -> Answer:
        """Send a body; no write is kept by anybody."""
        wanted = (*demands, checks.private)
        sent = {} if body is None else {"json": body}
        return self.send(method, address, route, *wanted, headers=self._signed, **sent)

    @property
    def _signed(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def _of_bodies(demands: tuple[Check, ...]) -> list[Check]:
    """Let the demands on a body rest where 304 sends none."""

    def unless_unchanged(demand: Check) -> Check:
        return lambda answer: None if answer.status == 304 else demand(answer)

    return [unless_unchanged(demand) for demand in demands]
