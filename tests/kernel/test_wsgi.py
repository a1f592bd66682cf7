"""Django's application, as the server calls it."""

import pytest
from django.http import Http404
from django.test import RequestFactory

from softfactory.kernel.wsgi import Application


def test_a_route_without_variables_is_found_once():
    application = Application()
    first, second = (
        application.resolve_request(RequestFactory().get("/api/coocook/bookings?limit=1"))
        for _time in range(2)
    )
    assert first is second


@pytest.mark.parametrize("path", ["/api/coocook/bookings/1", "/coocook/chefs/1", "/c/word"])
def test_one_with_variables_is_found_anew(path):
    application = Application()
    application.resolve_request(RequestFactory().get(path))
    assert not application._matches


def test_what_is_not_there_is_not_kept():
    application = Application()
    with pytest.raises(Http404):
        application.resolve_request(RequestFactory().get("/api/coocook/nothing"))
    assert not application._matches
