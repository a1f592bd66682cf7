"""A form of a new post is sent eight times at once: by a finger that trembles, or a poor line."""

import http.client
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from softfactory.demo.people import PASSWORD
from tests.site import GIVE_UP

ANA = "ana@demo.example"
FORM = {"text": "Kimchi is ready", "when": "queue", "timezone": "UTC", "do": "draft"}


class Browser:
    """Keeps cookies, and answers forms with the token that it was given."""

    def __init__(self, port):
        self.port = port
        self.cookies = {}

    def send(self, method, path, form=None):
        """Return the status, where it leads, and the page."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode({"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **form})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=GIVE_UP)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        page = answer.read().decode()
        connection.close()
        return answer.status, answer.headers.get("Location", ""), page


def signed_in(stage):
    browser = Browser(stage.site.port)
    browser.send("GET", "/accounts/login")
    status, *_ = browser.send("POST", "/accounts/login", {"login": ANA, "password": PASSWORD})
    assert status == 302
    return browser


def test_eight_at_once_are_one_post(stage):
    browser = signed_in(stage)
    _status, _to, page = browser.send("GET", "/social/posts/new")
    key = re.search(r'name="once" value="([^"]+)"', page)[1]

    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(
                lambda _n: browser.send("POST", "/social/posts/new", {**FORM, "once": key}),
                range(8),
            )
        )

    statuses = Counter(status for status, *_ in answers)
    assert statuses.keys() <= {302, 400}  # 400: the first one is not done yet, as it says
    assert len({to for status, to, _page in answers if status == 302}) == 1
    posts = stage.site.call("GET", "/api/sns/posts", token=stage.customers[0]).json()["results"]
    assert [post["text"] for post in posts] == ["Kimchi is ready"]
