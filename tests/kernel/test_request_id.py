"""Every request has an id: in its answer, in its log lines, in its problems."""

import json
import logging
import re

import pytest
from django.http import HttpResponse
from django.urls import path

from softfactory.kernel.http.problems import handler404, handler500
from softfactory.kernel.logs import JsonFormatter
from softfactory.kernel.request_id import current_request_id

__all__ = ["handler404", "handler500", "urlpatterns"]


def echo(request):
    return HttpResponse(current_request_id())


def broken(request):
    raise RuntimeError("a secret")


urlpatterns = [path("echo", echo), path("api/broken", broken)]

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def lines(caplog):
    """The ids in the log lines since."""
    caplog.handler.setFormatter(JsonFormatter())
    return lambda: [json.loads(line)["request_id"] for line in caplog.text.splitlines()]


@pytest.mark.parametrize("offered", ["a", "trace:1.2-3_4", "x" * 100])
def test_the_callers_id_is_echoed(client, offered):
    answer = client.get("/echo", headers={"X-Request-ID": offered})

    assert answer.headers["X-Request-ID"] == answer.text == offered


@pytest.mark.parametrize(
    "offered", ["", "x" * 101, "two words", "<script>", "é", "line\nbreak", "a;b", "%0a"]
)
def test_what_is_no_id_is_replaced(client, offered):
    answer = client.get("/echo", headers={"X-Request-ID": offered})

    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])
    assert answer.headers["X-Request-ID"] == answer.text


def test_each_request_has_its_own(client):
    assert client.get("/echo").text != client.get("/echo").text


def test_outside_of_a_request_there_is_none(client):
    client.get("/echo")

    assert current_request_id() == "-"


def test_it_is_in_the_log_lines_of_a_refusal(client, lines):
    client.get("/api/absent", headers={"X-Request-ID": "mine"})

    assert lines() == ["mine"]


def test_it_is_in_the_log_lines_and_the_problem_of_an_error(client, lines):
    client.raise_request_exception = False

    answer = client.get("/api/broken", headers={"X-Request-ID": "mine"})

    assert answer.json()["request_id"] == answer.headers["X-Request-ID"] == "mine"
    assert set(lines()) == {"mine"}


def test_a_log_line_outside_of_a_request_has_none(lines):
    logging.getLogger("softfactory").warning("hello")

    assert lines() == ["-"]
