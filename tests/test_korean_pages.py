"""Pages under /ko/ speak Korean throughout: no English is left, marked for translation or not."""

import re
from html.parser import HTMLParser

import pytest

from bookings.models import Booking
from tests.makers import (
    make_booking,
    make_chef,
    make_hold,
    make_policy,
    make_product,
    make_review,
    noon_utc,
)

# What Korean pages write in Latin letters too.
NAMES = {"SoftFactory", "API"}
LATIN = re.compile(r"[A-Za-z]{2,}")
# E-mail addresses, what tokens may do (bookings:read), and what script fills in ({time}).
FOR_PROGRAMS = re.compile(r"\S+[@:]\S+|\{\w+\}")

SPOKEN = {"alt", "aria-label", "placeholder", "title"}
# The other data-* attributes hold words that script says.
SILENT = {"data-menu", "data-opens", "data-style", "data-zone"}
NOT_SAID = {"script", "style", "code"}
VOID = set("area base br col embed hr img input link meta source track wbr".split())


class Said(HTMLParser):
    """Gathers what a page says: its text, its labels, and the words that script will say.

    What is marked as another language's (`lang="en"`) is left out.
    """

    def __init__(self, page):
        super().__init__()
        self.texts = []
        self._open = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append(tag in NOT_SAID or attributes.get("lang", "ko") != "ko")
        self.texts += [value for name, value in attributes.items() if self._is_said(name)]
        if (tag, attributes.get("name")) == ("meta", "description"):
            self.texts.append(attributes["content"])

    def _is_said(self, name):
        return name in SPOKEN or (name.startswith("data-") and name not in SILENT)

    def handle_endtag(self, tag):
        if tag not in VOID and self._open:
            self._open.pop()

    def handle_data(self, data):
        if not any(self._open):
            self.texts.append(data.strip())


def english_in(page):
    """Return what a page says in Latin letters, names apart."""
    return [
        text for text in Said(page).texts if set(LATIN.findall(FOR_PROGRAMS.sub("", text))) - NAMES
    ]


@pytest.fixture
def minji(ben):
    """A chef who writes Korean, with a review in Korean."""
    chef = make_chef(ben, name="김민지", bio="아침 시장에서 고른 재료로 요리합니다.")
    make_review(chef, author_name="이서연", text="다시 부르고 싶어요.")
    return chef


@pytest.fixture
def eunbi(ana):
    """A customer with a Korean name."""
    ana.name = "조은비"
    ana.save()
    return ana


def test_english_is_found_where_there_is_some(db, client):
    left = english_in(client.get("/").content.decode().replace('lang="en"', 'lang="ko"'))
    assert {"A chef at your own table", "Skip to content", "Dark theme", "Copied"} <= set(left)
    assert english_in('<p lang="en">English</p><code>GET</code> 한국어') == []


@pytest.mark.parametrize(
    "path",
    [
        "",
        "coocook/explore",
        "coocook/explore?location=서울&cuisine=Korean&guests=2&min_price=10000&min_rating=4",
        "coocook/explore?available_on=2020-01-01&min_price=2&max_price=1",
        "coocook/explore?q=없는+요리",
        "coocook/chefs/{chef}",
        "coocook/chefs/{chef}?guests=99",
        "coocook/chefs/{chef}/reviews",
        "coocook/fragments/free-this-week",
        "coocook/fragments/next-free?ids={chef}",
        "fragments/account-menu",
        "accounts/login",
        "accounts/signup",
        "accounts/password/reset",
        "accounts/password/reset/sent",
        "nowhere",
    ],
)
def test_public_pages_hold_no_english(path, client, minji):
    make_product(name="장부", description="예약을 빠짐없이 적습니다.")
    page = client.get("/ko/" + path.format(chef=minji.pk)).content.decode()
    assert english_in(page) == []


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("accounts/login", {}),
        ("accounts/login", {"login": "nobody@example.test", "password": "wrong"}),
        ("accounts/signup", {"email": "no address", "password1": "1234", "password2": "12345"}),
        ("accounts/password/reset", {"email": "no address"}),
    ],
)
def test_what_is_refused_is_refused_in_korean(path, typed, db, client):
    page = client.post(f"/ko/{path}", typed).content.decode()
    assert "field__error" in page
    assert english_in(page) == []


@pytest.mark.parametrize(
    "path",
    [
        "coocook/chefs/{chef}/book",
        "coocook/bookings",
        "coocook/bookings?show=past",
        "coocook/bookings/{booking}",
        "coocook/bookings/{booking}/cancel",
        "coocook/bookings/{hold}",
        "coocook/bookings/{hold}/pay",
        "coocook/bookings/{hold}/cancel",
        "coocook/requests",
        "fragments/account-menu",
        "account",
        "account/tokens/new",
        "account/webhooks",
        "payments/cards",
        "subscriptions",
        "accounts/email",
        "accounts/password/change",
        "accounts/second-factor",
        "accounts/reauthenticate",
        "accounts/logout",
    ],
)
def test_pages_of_ones_own_hold_no_english(path, browse, minji, eunbi):
    booking = make_booking(minji, eunbi)
    make_policy(minji)
    hold = make_hold(minji, eunbi)
    rows = {"chef": minji.pk, "booking": booking.pk, "hold": hold.pk}
    page = browse(eunbi).get("/ko/" + path.format_map(rows))
    assert page.status_code == 200
    assert english_in(page.content.decode()) == []


@pytest.mark.parametrize(
    "path",
    [
        "requests",
        "bookings/{booking}",
        "bookings/{booking}/decline",
        "chefs/{chef}/terms",
        "chefs/{chef}/earnings",
    ],
)
def test_pages_of_a_chefs_owner_hold_no_english(path, browse, ben, minji, eunbi):
    booking = make_booking(minji, eunbi, special_requests="땅콩은 빼 주세요.")
    ben.name = "황벤"
    ben.save()
    address = "/ko/coocook/" + path.format(booking=booking.pk, chef=minji.pk)
    page = browse(ben).get(address).content.decode()
    assert "조은비" in page or booking.chef.name in page
    assert english_in(page) == []


@pytest.mark.parametrize("status", Booking.Status.values)
def test_a_booking_is_told_in_korean_whatever_its_state(status, browse, minji, eunbi):
    expires_at = noon_utc() if status == Booking.Status.HELD else None
    booking = make_booking(minji, eunbi, status=status, expires_at=expires_at)
    page = browse(eunbi).get(f"/ko/coocook/bookings/{booking.pk}").content.decode()
    assert english_in(page) == []


def test_numbers_dates_and_money_are_written_as_in_korean(client, minji):
    page = client.get(f"/ko/coocook/chefs/{minji.pk}").content.decode()
    assert "₩100,000" in page
    assert "대한민국 시간 기준입니다." in page
    assert re.search(r"\d{1,2}월 \d{1,2}일 .요일", page)
    assert "2시간 · 2명" in page


def test_who_signs_up_on_a_korean_page_is_written_to_in_korean(db, client, mailoutbox):
    fields = {"name": "조은비", "email": "eunbi@example.test"}
    secret = "pickled-radish-at-seven"
    client.post("/ko/accounts/signup", fields | {"password1": secret, "password2": secret})
    (mail,) = mailoutbox
    assert english_in(mail.subject) == []
    assert english_in(mail.body.replace("\ntestserver", "")) == []
    assert "/ko/accounts/email/confirm/" in mail.body
