"""Denied by default: who is public, who is staff, and what a token's scopes open."""

from types import SimpleNamespace

import pytest

from softfactory.kernel.api.permissions import HasScope, MissingScope


class Token:
    def __init__(self, *scopes):
        self.scopes = list(scopes)


def is_allowed(*, method="GET", user="ana", token=None, public=False, staff=False, action="list"):
    view = SimpleNamespace(scope="bookings", is_public=public, is_for_staff=staff, action=action)
    who = SimpleNamespace(is_authenticated=bool(user), is_staff=user == "dee")
    request = SimpleNamespace(method=method, user=who, auth=token)
    return HasScope().has_permission(request, view)


def test_what_is_public_is_open_to_anybody():
    assert is_allowed(user="", public=True)


def test_nothing_else_is():
    assert not is_allowed(user="")


def test_a_session_has_every_scope():
    assert is_allowed(method="POST")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_asks_for_the_read_scope(method):
    assert is_allowed(method=method, token=Token("bookings:read"))
    with pytest.raises(MissingScope):
        is_allowed(method=method, token=Token("bookings:write"))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_writing_asks_for_the_write_scope(method):
    assert is_allowed(method=method, token=Token("bookings:write"))
    with pytest.raises(MissingScope, match="bookings:write"):
        is_allowed(method=method, token=Token("bookings:read"))


def test_another_apps_scope_opens_nothing():
    with pytest.raises(MissingScope):
        is_allowed(token=Token("sns:read"))


def test_what_is_staffs_is_for_staff_with_the_scope():
    assert is_allowed(user="dee", staff=True, token=Token("bookings:read"))
    assert not is_allowed(user="ana", staff=True, token=Token("bookings:read"))
    with pytest.raises(MissingScope):
        is_allowed(user="dee", staff=True, token=Token())


def test_a_method_that_is_not_there_is_left_to_be_refused_as_such():
    assert is_allowed(user="", action=None, method="DELETE")
