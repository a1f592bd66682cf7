"""Log lines: whose they are, one event a line, and no secret in any."""

import json
import logging
import sys

import pytest
from django.http import HttpResponse
from django.urls import path

from softfactory.kernel import trace
from softfactory.kernel.http.problems import handler404, handler500
from softfactory.kernel.logs import MOST_LINES, JsonFormatter, LineFormatter

__all__ = ["handler404", "handler500", "urlpatterns"]

logger = logging.getLogger("softfactory.tests")


def say(request):
    request.user.is_authenticated  # noqa: B018  (who asks is known from here on)
    logger.warning("seen")
    request.trace = trace.current()
    return HttpResponse()


def broken(request, key):
    secret = "a local variable"
    raise RuntimeError(f"no such address as ana@example.test, {len(secret)}")


urlpatterns = [path("say/<int:pk>", lambda request, pk: say(request)), path("keys/<key>", broken)]


def record(message, *args, **fields):
    made = logging.LogRecord("softfactory.tests", logging.WARNING, "", 1, message, args, None)
    made.__dict__ |= fields
    return made


def told(made):
    line = JsonFormatter().format(made)
    assert "\n" not in line
    return json.loads(line)


@pytest.fixture
def lines(caplog):
    """The JSON lines since."""
    caplog.handler.setFormatter(JsonFormatter())
    return lambda: [json.loads(line) for line in caplog.text.splitlines()]


def test_one_event_is_one_object():
    made = record("%s is late", "The train")
    made.created = 1_800_000_000.5

    assert told(made) == {
        "timestamp": "2027-01-15T08:00:00.500Z",
        "level": "warning",
        "logger": "softfactory.tests",
        "event": "The train is late",
        "request_id": "-",
        "route": None,
        "user_id": None,
    }


def test_a_readable_line():
    made = record("late", duration_ms=3)
    made.created = 1_800_000_000.5

    line = LineFormatter().format(made)
    assert line == "2027-01-15T08:00:00.500Z WARNING softfactory.tests [-] late duration_ms=3"


@pytest.mark.parametrize("formatter", [JsonFormatter, LineFormatter])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\x1b[2K", "\u2028", "\x85"])
def test_no_value_can_end_the_line(formatter, end):
    forged = f"nothing{end}2027-01-15T08:00:00Z ERROR forged"
    try:
        raise ValueError(forged)
    except ValueError:
        made = record("%s", forged, exc_info=sys.exc_info())

    begins = [line for line in formatter().format(made).split("\n") if line[:1] not in {" ", ""}]
    assert len(begins) == 1
    assert "\x1b" not in begins[0]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Key (email)=(Ana.B+c@mail.example.test) exists", "Key (email)=(…) exists"),
        ("Authorization: Bearer eyJhbGciOi.x.y", "Authorization: Bearer …"),
        ("token sf_0123456789abcdef was", "token … was"),
        ("secret whsec_MfKQ9r8G+qr/jw== was", "secret … was"),
        ("GET /a?token=abc&next=/b HTTP", "GET /a?token=…&next=… HTTP"),
        ("3 of 4 @ noon", "3 of 4 @ noon"),
    ],
)
def test_what_looks_like_a_secret_is_masked(text, kept):
    assert told(record(text))["event"] == kept
    assert told(record("x", task={"of": [text]}))["task"] == {"of": [kept]}


def test_only_known_fields_are_told():
    assert "password" not in told(record("x", password="hunter2", request=None))


@pytest.mark.django_db
@pytest.mark.urls(__name__)
class TestInARequest:
    def test_a_line_says_whose_it_is(self, browse, ana, lines):
        browse(ana).get("/say/7", headers={"X-Request-ID": "mine"})

        assert {name: lines()[0][name] for name in ("request_id", "route", "user_id")} == {
            "request_id": "mine",
            "route": "/say/{pk}",
            "user_id": ana.pk,
        }

    def test_its_trace_keeps_the_lines(self, browse, ana):
        answer = browse(ana).get("/say/7")

        kept = answer.wsgi_request.trace.lines
        assert [(line["level"], line["event"]) for line in kept] == [("warning", "seen")]

    def test_its_trace_keeps_no_more_than_a_screen(self):
        token = trace.begin("mine")
        for _number in range(MOST_LINES + 1):
            logger.warning("again")
        current = trace.current()
        trace.end(token)

        assert current is not None
        assert len(current.lines) == MOST_LINES

    def test_an_error_is_a_list_of_its_parts(self, client, lines):
        client.raise_request_exception = False
        client.get("/keys/of-a-reset")

        error = next(line for line in lines() if line["level"] == "error")
        assert error["event"] == "Internal Server Error: /keys/{key}"
        assert error["exception"][0]["exc_type"] == "RuntimeError"
        assert error["exception"][0]["exc_value"] == "no such address as …, 16"
        assert error["exception"][0]["frames"][-1]["name"] == "broken"
        assert "a local variable" not in json.dumps(error)

    def test_no_address_is_told_by_itself(self, client, lines):
        client.get("/calendar/secret-of-a-feed.ics?token=hunter2")

        told = json.dumps(lines())
        assert "secret-of-a-feed" not in told
        assert "hunter2" not in told
        assert lines()[0]["event"] == "Not Found: unmatched"
