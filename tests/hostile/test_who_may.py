"""Who gets where: every operation, page and form, asked for by everybody."""

import pytest

from softfactory.accounts.models import SCOPES
from softfactory.kernel import clock
from tests.bookings.answers import problem
from tests.hostile.callers import CALLERS, FOR_STAFF, FORMS, OPERATIONS, PAGES, PRIVATE
from tests.hostile.routes import routes


def test_every_operation_has_an_entry():
    there = [f"{method} {r.address}" for r in routes() if r.is_api for method in r.methods]

    assert sorted(OPERATIONS) == sorted(there)


def test_every_page_has_an_entry():
    assert sorted(PAGES) == sorted(route.address for route in routes() if not route.is_api)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("caller", CALLERS)
def test_operation(operation, caller, request, api, send):
    user = None if caller == "nobody" else request.getfixturevalue(caller)

    answer = send(operation, api(user))

    assert answer.status_code == OPERATIONS[operation][CALLERS.index(caller)]
    if answer.status_code >= 400:
        problem(answer)


@pytest.mark.parametrize("address", PAGES)
def test_page(address, browse, at, ana, ben, cho, dee):
    people = (None, cho, ana, ben, dee)

    statuses = tuple(browse(user).get(at(address)).status_code for user in people)

    assert statuses == PAGES[address]


@pytest.mark.parametrize("address", FORMS)
@pytest.mark.parametrize("caller", CALLERS)
def test_form(address, caller, request, browse, at):
    user = None if caller == "nobody" else request.getfixturevalue(caller)

    answer = browse(user).post(at(address))

    assert answer.status_code == FORMS[address][CALLERS.index(caller)]
    if user is None:
        assert answer.url.startswith("/accounts/login?next=/")


@pytest.mark.parametrize("operation", PRIVATE)
def test_a_token_that_opens_nothing(operation, api, cho, dee, send):
    now = clock.now()
    cho.is_active = False
    cho.save()
    stranger = api()
    stranger.credentials(HTTP_AUTHORIZATION="Bearer sf_guessed")

    for client in (api(dee, revoked_at=now), api(dee, expires_at=now), api(cho), stranger):
        assert problem(send(operation, client)) == (401, "invalid_token")


@pytest.mark.parametrize("operation", PRIVATE)
def test_a_token_of_another_scope(operation, api, ana, dee, send):
    views = {route.address: route.view for route in routes()}
    method, address = operation.split()
    needed = f"{views[address].cls.scope}:{'read' if method == 'GET' else 'write'}"
    scopes = [scope for scope in SCOPES if scope != needed]

    answer = send(operation, api(dee if operation in FOR_STAFF else ana, scopes=scopes))

    assert problem(answer) == (403, "scope_missing")


@pytest.mark.parametrize("operation", [name for name in PRIVATE if not name.startswith("GET")])
def test_a_session_without_its_csrf_token(operation, api, ben, dee, send):
    client = api()
    client.handler.enforce_csrf_checks = True
    client.force_login(dee if operation in FOR_STAFF else ben)

    assert problem(send(operation, client)) == (403, "permission_denied")


@pytest.mark.parametrize("operation", PRIVATE)
def test_a_session_that_was_shut_out(operation, api, ana, send):
    client = api()
    client.force_login(ana)
    ana.is_active = False
    ana.save()

    assert problem(send(operation, client))[0] == 401
