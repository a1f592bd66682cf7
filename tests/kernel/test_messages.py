"""Messages to whoever uses the pages: there when they are asked for, and not made ready before."""

import pytest
from django.contrib import messages
from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpResponse


@pytest.fixture
def passed(rf):
    """A way through the middleware, with the cookies of the last answer; returns the request."""
    cookies = {}

    def ask(view):
        request = rf.get("/")
        request.session = {}
        request.COOKIES |= cookies
        response = MessageMiddleware(view)(request)
        cookies.update({name: morsel.value for name, morsel in response.cookies.items()})
        return request

    return ask


def say(request):
    messages.info(request, "Saved.")
    return HttpResponse()


def read(request):
    request.found = [str(message) for message in messages.get_messages(request)]
    return HttpResponse()


def test_one_that_is_added_is_there_once(passed):
    passed(say)
    assert passed(read).found == ["Saved."]
    assert passed(read).found == []


def test_one_that_nobody_reads_waits(passed):
    passed(say)
    passed(lambda request: HttpResponse())
    assert passed(read).found == ["Saved."]


def test_one_too_long_for_a_cookie_lies_in_the_session(passed):
    long = " ".join(map(str, range(5_000)))  # it goes compressed
    request = passed(lambda request: messages.info(request, long) or HttpResponse())
    assert list(request.session) == ["_messages"]


def test_nothing_is_made_ready_for_who_neither_reads_nor_adds(passed):
    request = passed(lambda request: HttpResponse())
    assert "storages" not in vars(request._messages)
