"""Requests are counted under their route's template, whatever the address or the language."""

import pytest

from monitoring.budgets import BUDGETS
from monitoring.checks import every_route_has_a_budget
from monitoring.routes import endpoint_of, groups_below
from softfactory.kernel.requests import template


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ("", "/"),
        ("ko/", "/"),
        ("coocook/chefs/<int:pk>", "/coocook/chefs/{pk}"),
        ("ko/coocook/chefs/<int:pk>/book", "/coocook/chefs/{pk}/book"),
        ("api/^coocook/chefs/(?P<pk>[1-9][0-9]{0,17})/slots$", "/api/coocook/chefs/{pk}/slots"),
        (r"^products/(?P<slug>[-\w]{1,60})\Z", "/products/{slug}"),
        ("admin/bookings/booking/<path:object_id>/change/", "/admin/*"),
        ("korea/<slug>", "/korea/{slug}"),
    ],
)
def test_a_template_names_what_varies(route, expected):
    assert template(route) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/coocook/explore?cuisine=Korean", "GET /coocook/explore"),
        ("/ko/coocook/explore", "GET /coocook/explore"),
        ("/api/coocook/chefs/99999", "GET /api/coocook/chefs/{pk}"),
        ("/static/built/absent.css", "GET static"),
        ("/wp-login.php", "GET unmatched"),
        ("/admin/login/", "GET /admin/*"),
    ],
)
def test_a_request_is_counted_under_its_route(client, path, expected):
    assert str(endpoint_of(client.get(path).wsgi_request)) == expected


@pytest.mark.django_db
def test_an_odd_method_is_counted_as_other(client):
    request = client.generic("BREW", "/coocook/explore").wsgi_request

    assert str(endpoint_of(request)) == "OTHER /coocook/explore"


def test_every_route_has_a_budget():
    assert every_route_has_a_budget() == []


def test_a_route_without_a_budget_is_named(monkeypatch):
    monkeypatch.delitem(BUDGETS, "PATCH /api/coocook/chefs/{pk}")
    monkeypatch.delitem(BUDGETS, "GET /coocook/explore")

    messages = [warning.msg for warning in every_route_has_a_budget()]

    assert messages == [
        "/coocook/explore has no budget.",
        "PATCH /api/coocook/chefs/{pk} has no budget.",
    ]


@pytest.mark.parametrize(
    ("prefix", "groups"),
    [
        ("/", {"chefs", "calendar", "products"}),
        ("/ko", {"chefs", "calendar", "products"}),
        ("/api/platform", {"products"}),
        ("/coocook", {"chefs", "calendar"}),
        ("/ko/coocook/explore", {"chefs", "calendar"}),
        ("api/coocook/chefs/12/slots/", {"calendar:12"}),
        ("/coocook/chefs/12", {"chefs:12", "calendar:12"}),
        ("/api/coocook/chefs/12/slots/3", set()),
        ("/cooc", set()),
        ("/ko/ko", set()),
        ("/account", set()),
        ("/admin", set()),
        ("/coocook/chefs/{pk}", set()),
        ("/coocook/chefs/" + "1" * 90, set()),
    ],
)
def test_what_is_kept_below_an_address(prefix, groups):
    assert groups_below(prefix) == groups
