"""Signing up, in and out, as a person does it on the pages."""

import re
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress

from softfactory.accounts.forms import SignupForm
from softfactory.accounts.models import User
from tests.makers import PASSWORD, make_user

NEW = {
    "name": "Nari Kim",
    "email": "Nari@Example.test",
    "password1": "noodles-by-hand-9",
    "password2": "noodles-by-hand-9",
}


def link_in(mail):
    """The address that a mail asks to follow, without its host."""
    return urlsplit(re.search(r"http\S+", mail.body)[0]).path


def sign_in(browser, email, password=PASSWORD, **query):
    url = "/accounts/login" + ("?next=" + query["next"] if query else "")
    return browser.post(url, {"login": email, "password": password})


def is_signed_in(browser):
    return "_auth_user_id" in browser.session


def test_signing_up_takes_a_name_an_address_and_a_password_and_then_a_click(db, client, mailoutbox):
    response = client.post("/accounts/signup", NEW)

    assert response["Location"] == "/accounts/email/confirm"
    user = User.objects.get()
    assert (user.email, user.name) == ("nari@example.test", "Nari Kim")
    assert not is_signed_in(client)
    assert sign_in(client, "nari@example.test", NEW["password1"])["Location"] == (
        "/accounts/email/confirm"
    )

    link = link_in(mailoutbox[0])
    assert b"nari@example.test" in client.get(link).content
    client.post(link)

    sign_in(client, "nari@example.test", NEW["password1"])
    assert is_signed_in(client)


def test_who_signs_up_in_korean_is_remembered_as_speaking_it(db, client, mailoutbox):
    client.post("/ko/accounts/signup", NEW)

    assert User.objects.get().language == "ko"
    assert link_in(mailoutbox[0]).startswith("/ko/accounts/email/confirm/")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("email", "nari"),
        ("password1", "short"),
        ("password1", "password1234"),
        ("password2", "another-one-9"),
    ],
)
def test_a_wrong_sign_up_is_explained_and_makes_nobody(db, client, mailoutbox, field, value):
    body = NEW | {field: value}
    if field == "password1":
        body["password2"] = value

    response = client.post("/accounts/signup", body)

    assert response.status_code == 200
    assert response.context["form"].has_error(field)
    assert not User.objects.exists()
    assert not mailoutbox


def test_signing_up_twice_tells_only_the_owner_of_the_address(ana, client, mailoutbox):
    response = client.post("/accounts/signup", NEW | {"email": ana.email})

    assert response["Location"] == "/accounts/email/confirm"
    assert User.objects.count() == 1
    assert "account with this address already" in mailoutbox[0].body
    assert mailoutbox[0].to == [ana.email]


def test_who_loses_a_race_for_an_address_is_answered_as_if_it_were_taken(
    ana, client, mailoutbox, monkeypatch
):
    # It was free when the form looked.
    monkeypatch.setattr(SignupForm, "validate_unique_email", lambda _form, email: email)

    response = client.post("/accounts/signup", NEW | {"email": ana.email})

    assert response["Location"] == "/accounts/email/confirm"
    assert User.objects.count() == 1
    assert "account with this address already" in mailoutbox[0].body


def test_a_link_opens_once(db, client, mailoutbox):
    client.post("/accounts/signup", NEW)
    link = link_in(mailoutbox[0])
    client.post(link)

    assert b"This link opens nothing" in client.get(link).content
    assert b"This link opens nothing" in client.get("/accounts/email/confirm/nonsense").content


def test_signing_in_leads_to_where_one_was_going(ana, client):
    assert sign_in(client, ana.email, next="/account")["Location"] == "/account"


def test_signing_in_never_leads_to_another_site(ana, client):
    assert sign_in(client, ana.email, next="https://evil.example/")["Location"] == "/"


def test_signing_in_leads_home_in_ones_language(client, db):
    user = make_user(language="ko")

    assert sign_in(client, user.email)["Location"] == "/ko/"


@pytest.mark.parametrize("email", ["ana@example.test", "nobody@example.test"])
def test_a_wrong_password_says_the_same_as_an_unknown_address(ana, client, email):
    page = sign_in(client, email, "wrong")

    assert page.status_code == 200
    assert b"do not belong together" in page.content
    assert not is_signed_in(client)


def test_who_was_shut_out_does_not_get_in(ana, client):
    ana.is_active = False
    ana.save()

    sign_in(client, ana.email)

    assert not is_signed_in(client)


def test_pages_for_signing_in_have_no_second_face(ana, client):
    json = {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}

    page = client.post("/accounts/login", {"login": ana.email, "password": "wrong"}, headers=json)

    assert page["Content-Type"].startswith("text/html")


def test_signing_out_takes_a_post(ana, browse):
    browser = browse(ana)

    assert browser.get("/accounts/logout").status_code == 200
    assert is_signed_in(browser)
    assert browser.post("/accounts/logout")["Location"] == "/"
    assert not is_signed_in(browser)


def test_a_forgotten_password_is_set_anew_by_a_link(ana, client, mailoutbox):
    client.post("/accounts/password/reset", {"email": ana.email})
    form = client.get(link_in(mailoutbox[0]))["Location"]
    assert "set-password" in form  # the key is not in the address any more

    new = "another-long-one-7"
    done = client.post(form, {"password1": new, "password2": new})

    assert done["Location"] == "/accounts/password/reset/done"
    sign_in(client, ana.email, new)
    assert is_signed_in(client)
    assert b"This link opens nothing" in client.get(link_in(mailoutbox[0])).content
    assert "changed" in mailoutbox[-1].body


def test_a_password_of_nobody_can_be_forgotten_too(db, client, mailoutbox):
    response = client.post("/accounts/password/reset", {"email": "nobody@example.test"})

    assert response["Location"] == "/accounts/password/reset/sent"
    assert "there is none" in mailoutbox[0].body


def test_changing_the_password_takes_the_old_one_and_keeps_one_signed_in(ana, browse, mailoutbox):
    browser = browse(ana)
    body = {"oldpassword": "wrong", "password1": "a-better-one-7", "password2": "a-better-one-7"}

    assert browser.post("/accounts/password/change", body).context["form"].errors
    browser.post("/accounts/password/change", body | {"oldpassword": PASSWORD})

    assert is_signed_in(browser)
    ana.refresh_from_db()
    assert ana.check_password("a-better-one-7")
    assert len(mailoutbox) == 1


def test_changing_the_password_ends_other_sessions(ana, browse):
    browser, other = browse(ana), browse(ana)
    new = "a-better-one-7"

    body = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    browser.post("/accounts/password/change", body)

    assert other.get("/account").status_code == 302


def test_a_new_password_revokes_tokens(ana, browse, api):
    client, new = api(ana), "a-better-one-7"
    browser = browse(ana)
    assert b"revokes your API tokens" in browser.get("/accounts/password/change").content

    body = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    browser.post("/accounts/password/change", body)

    assert client.get("/api/auth/me").status_code == 401


def test_a_new_password_by_link_revokes_tokens(ana, client, api, mailoutbox):
    program = api(ana)
    client.post("/accounts/password/reset", {"email": ana.email})
    form = client.get(link_in(mailoutbox[0]))["Location"]
    assert b"revokes your API tokens" in client.get(form).content

    client.post(form, {"password1": "another-long-one-7", "password2": "another-long-one-7"})

    assert program.get("/api/auth/me").status_code == 401


def test_a_new_address_replaces_the_old_one_when_it_is_confirmed(ana, browse, mailoutbox):
    browser = browse(ana)

    browser.post("/accounts/email", {"email": "ana.new@example.test", "action_add": "1"})
    ana.refresh_from_db()
    assert ana.email == "ana@example.test"
    assert b"ana.new@example.test" in browser.get("/accounts/email").content

    browser.post(link_in(mailoutbox[0]))
    ana.refresh_from_db()
    assert ana.email == "ana.new@example.test"
    assert EmailAddress.objects.get().email == "ana.new@example.test"


PAGES = [
    "/accounts/signup",
    "/accounts/login",
    "/accounts/inactive",
    "/accounts/email/confirm",
    "/accounts/password/reset",
    "/accounts/password/reset/sent",
    "/accounts/password/reset/done",
    "/accounts/password/reset/1-nonsense",
]


@pytest.mark.parametrize("language", ["", "/ko"])
@pytest.mark.parametrize("url", PAGES)
def test_every_page_is_private_and_has_one_heading(db, client, url, language):
    page = client.get(language + url)

    assert page.status_code == 200
    assert page["Cache-Control"] == "private, no-store"
    assert page["Content-Language"] == (language.strip("/") or "en")
    assert page.content.count(b"<h1") == 1
    assert b"placeholder=" not in page.content
