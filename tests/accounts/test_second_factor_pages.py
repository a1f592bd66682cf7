"""The second step on the pages: turned on, asked for, replaced by a recovery code, turned off."""

import base64
from datetime import datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator

from tests.accounts.second_factor import code_now, give_app, give_recovery_codes, wrong_code
from tests.makers import PASSWORD

INDEX = "/accounts/second-factor"
ACTIVATE = f"{INDEX}/app/activate"
DEACTIVATE = f"{INDEX}/app/deactivate"
CODES = f"{INDEX}/codes"


@pytest.fixture(autouse=True)
def stopped_clock():
    with time_machine.travel(datetime.fromisoformat("2027-03-01T12:00:05Z"), tick=False) as clock:
        yield clock


@pytest.fixture
def confirmed(ana, browse):
    """A browser in which Ana has just given her password once more."""
    browser = browse(ana)
    browser.post("/accounts/reauthenticate", {"password": PASSWORD})
    return browser


def is_signed_in(browser):
    return "_auth_user_id" in browser.session


def test_turning_it_on_takes_the_password_once_more(ana, browse):
    response = browse(ana).get(ACTIVATE)

    assert response["Location"] == f"/accounts/reauthenticate?next={ACTIVATE.replace('/', '%2F')}"


@pytest.mark.django_db(transaction=True)  # the mail is sent on commit
def test_turning_it_on_takes_a_code_and_gives_recovery_codes(ana, confirmed, mailoutbox):
    page = confirmed.get(ACTIVATE)
    secret = page.context["form"].secret

    assert secret in page.content.decode()
    drawing = base64.b64decode(page.context["totp_svg_data_uri"].partition(",")[2])
    assert b'fill="white"' in drawing
    assert confirmed.post(ACTIVATE, {"code": wrong_code()}).context["form"].errors
    done = confirmed.post(ACTIVATE, {"code": code_now(secret)})

    assert done["Location"] == CODES
    codes = confirmed.get(CODES)
    assert all(code in codes.content.decode() for code in codes.context["unused_codes"])
    assert codes["Cache-Control"] == "private, no-store"
    assert confirmed.get(f"{CODES}/download")["Content-Disposition"].startswith("attachment")
    assert [mail.subject for mail in mailoutbox] == ["The second step is on"]


def test_signing_in_asks_for_the_code_after_the_password(ana, client):
    give_app(ana)

    first = client.post("/accounts/login?next=/account", {"login": ana.email, "password": PASSWORD})
    assert first["Location"] == f"{INDEX}/authenticate"
    assert not is_signed_in(client)
    assert client.get(first["Location"]).status_code == 200

    wrong = client.post(first["Location"], {"code": wrong_code()})
    assert b"This code is wrong" in wrong.content
    assert not is_signed_in(client)

    right = client.post(first["Location"], {"code": code_now()})
    assert right["Location"] == "/account"
    assert is_signed_in(client)


def test_a_recovery_code_stands_in_for_the_app_once(ana, client):
    give_app(ana)
    code, *_others = give_recovery_codes(ana)

    for expected in (True, False):
        client.post("/accounts/login", {"login": ana.email, "password": PASSWORD})
        client.post(f"{INDEX}/authenticate", {"code": code})
        assert is_signed_in(client) is expected
        client.post("/accounts/logout")


def test_the_second_step_cannot_be_left_out(ana, client):
    give_app(ana)
    client.post("/accounts/login", {"login": ana.email, "password": PASSWORD})

    assert client.get("/account").status_code == 302


def test_turning_it_off_asks_first_and_takes_the_recovery_codes_along(ana, confirmed, mailoutbox):
    give_app(ana)
    give_recovery_codes(ana)

    assert confirmed.get(DEACTIVATE).status_code == 200
    assert confirmed.post(DEACTIVATE)["Location"] == INDEX
    assert not Authenticator.objects.exists()
    assert mailoutbox[0].subject == "The second step is off"


def test_new_recovery_codes_replace_the_old_ones(ana, confirmed):
    give_app(ana)
    old = give_recovery_codes(ana)

    assert confirmed.get(f"{CODES}/generate").status_code == 200
    confirmed.post(f"{CODES}/generate")

    new = confirmed.get(CODES).context["unused_codes"]
    assert len(new) == len(old)
    assert not set(new) & set(old)


def test_codes_are_shown_only_to_who_gave_the_password_just_now(ana, browse):
    give_app(ana)
    codes = give_recovery_codes(ana)

    page = browse(ana).get(CODES).content.decode()

    assert not any(code in page for code in codes)
    assert browse(ana).get(f"{CODES}/download")["Location"].startswith("/accounts/reauthenticate")


@pytest.mark.parametrize("is_on", [False, True])
def test_the_account_says_whether_it_is_on(ana, browse, is_on):
    if is_on:
        give_app(ana)
    browser = browse(ana)

    assert browser.get("/account").context["has_second_factor"] is is_on
    assert (ACTIVATE in browser.get(INDEX).content.decode()) is not is_on


def test_a_code_can_confirm_who_one_is_instead_of_the_password(ana, browse):
    give_app(ana)
    browser = browse(ana)

    assert b"authenticator" in browser.get("/accounts/reauthenticate").content
    done = browser.post(f"{INDEX}/reauthenticate?next={DEACTIVATE}", {"code": code_now()})

    assert done["Location"] == DEACTIVATE
