"""What people write is text on every page: it makes no tag, no attribute and no address."""

from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.core import mail
from django.urls import reverse

from softfactory.accounts.models import ApiToken
from tests.makers import (
    PASSWORD,
    make_booking,
    make_chef,
    make_product,
    make_review,
    make_token,
    make_user,
    noon_utc,
)

# Out of text, out of an attribute in either quotes, out of a script, out of a comment.
EVIL = """<xss>"><xss a=" '><xss> " onxss=1 ' onxss=1 </script><xss> --><xss> &lt;xss {{9**9}}"""
JAVASCRIPT = "javascript:xss()"


class Page(HTMLParser):
    """Notes what a browser would make of a page."""

    def __init__(self, text):
        super().__init__()
        self.wrong = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        names = {name for name, _value in attrs}
        if tag == "xss" or any(name.startswith(("on", "hx-on", "style")) for name in names):
            self.wrong.append((tag, attrs))
        for name, value in attrs:
            if name in {"href", "src", "action"} and (value or "").lower().startswith("javascript"):
                self.wrong.append((tag, attrs))
        is_data = ("type", "application/ld+json") in attrs  # which nobody carries out
        if tag == "script" and "src" not in names and not is_data:
            self.wrong.append((tag, attrs))


def assert_harmless(answer):
    page = Page(answer.text)

    assert page.wrong == []
    assert "387420489" not in answer.text  # nobody's braces are ours


@pytest.fixture
def owner(db):
    return make_user("owner@example.test", name=EVIL[:100])


@pytest.fixture
def guest(db):
    return make_user("guest@example.test", name=EVIL[:100])


@pytest.fixture
def evil(owner, guest):
    """A chef, bookings, a review and a product, all of whose texts try to be more than that."""
    chef = make_chef(owner, name=EVIL[:100], bio=EVIL, cuisine=EVIL[:60], location=EVIL[:100])
    booking = make_booking(chef, guest, special_requests=EVIL)
    make_booking(
        chef, guest, special_requests=JAVASCRIPT, status="confirmed", starts_at=noon_utc(9)
    )
    make_review(chef, text=EVIL, author_name=EVIL[:100])
    make_product(name=EVIL[:100], description=EVIL)
    make_token(guest, name=EVIL[:100])
    return {"chef": chef.pk, "booking": booking.pk, "token": ApiToken.objects.get(user=guest).pk}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/coocook/explore",
        "/coocook/chefs/{chef}",
        "/coocook/chefs/{chef}/reviews",
        "/coocook/chefs/{chef}/book",
        "/coocook/bookings",
        "/coocook/bookings/{booking}",
        "/coocook/bookings/{booking}/cancel",
        "/coocook/bookings/{booking}/decline",
        "/coocook/requests",
        "/coocook/fragments/free-this-week",
        "/coocook/fragments/next-free?ids={chef}",
        "/account",
        "/account/tokens/{token}/revoke",
        "/fragments/account-menu",
        "/ko/coocook/chefs/{chef}",
    ],
)
@pytest.mark.parametrize("part", [True, False])
def test_what_people_wrote(browse, evil, owner, guest, path, part):
    seen = 0
    for user in (None, guest, owner):
        headers = {"HX-Request": "true"} if part else {}
        answer = browse(user).get(path.format_map(evil), headers=headers)
        if answer.status_code == 200:
            seen += 1
            assert_harmless(answer)
            assert not any(name.startswith("HX-") for name in answer.headers)

    assert seen


@pytest.mark.parametrize(
    "path",
    [
        "/coocook/explore?q={}",
        "/coocook/explore?cuisine={}",
        "/coocook/explore?location={}&guests=2&min_price={}",
        "/coocook/explore?available_on={}&sort={}&page=1&{}={}",
        "/coocook/explore?q=x&hx-on:click={}",
        "/accounts/login?next={}",
        "/accounts/signup?next={}",
        "/nowhere/{}",
        "/accounts/email/confirm/{}",
        "/accounts/password/reset/1-{}",
    ],
)
@pytest.mark.parametrize("text", [EVIL, JAVASCRIPT, "'\"`<xss>", "\u2028</title><xss>"])
def test_what_an_address_says(client, chef, path, text):
    answer = client.get(path.replace("{}", quote(text, safe="")))

    assert_harmless(answer)


def test_what_a_form_says(browse, guest, evil):
    browser = browse(guest)
    fields = {"name": EVIL, "language": EVIL, "timezone": EVIL, "scopes": EVIL}

    for path in ("/account", "/account/tokens/new", f"/coocook/chefs/{evil['chef']}/book"):
        answer = browser.post(path, fields | {"special_requests": EVIL * 100, "starts_at": EVIL})
        assert answer.status_code in {200, 400}
        assert_harmless(answer)


def test_what_a_form_said_before_its_sender_signed_in(client, guest, evil):
    path = f"/coocook/chefs/{evil['chef']}/book"
    client.post(path, {"special_requests": EVIL, "guests": EVIL})
    client.post("/accounts/login", {"login": guest.email, "password": PASSWORD})

    answer = client.get(path)

    assert "&lt;xss&gt;" in answer.text
    assert_harmless(answer)


def test_a_message_about_what_was_done(browse, guest, owner, evil):
    path = f"/coocook/chefs/{evil['chef']}/book"
    start = noon_utc(12)
    fields = {"date": start.date(), "starts_at": start.isoformat(), "guests": 2}

    answer = browse(guest).post(path, fields | {"duration_hours": 2}, follow=True)

    assert answer.redirect_chain
    assert "will answer soon" in answer.text
    assert_harmless(answer)


def test_what_staff_sees(browse, dee, evil):
    browser = browse(dee)

    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        answer = browser.get(reverse(f"{name}_changelist"), {"q": EVIL[:50]})
        assert answer.status_code == 200
        assert_harmless(answer)
        for row in model._default_manager.all()[:3]:
            assert_harmless(browser.get(reverse(f"{name}_change", args=[row.pk])))


def test_an_email_is_no_place_for_a_strangers_lines(client, db):
    name = "Ana\r\nBcc: everybody@example.test\r\n\r\nhttp://evil.example/"
    fields = {"name": name, "email": "new@example.test", "password1": PASSWORD}

    client.post("/accounts/signup", fields | {"password2": PASSWORD})

    for message in mail.outbox:
        assert message.to == ["new@example.test"]
        assert not message.bcc
        assert "\n" not in message.subject
        assert "evil.example" not in message.body
