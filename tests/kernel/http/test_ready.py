"""Ready answers: the same that Django gives, without asking it, and never when it gives another."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.signals import request_started
from django.test import RequestFactory

from softfactory.kernel import clock
from softfactory.kernel.db import shared
from softfactory.kernel.db.shared import mapped
from softfactory.kernel.db.shared.mapped import MappedNumbers
from softfactory.kernel.http import ready
from softfactory.kernel.http.ready import ReadyAnswers
from softfactory.kernel.requests import WARM_UP
from softfactory.kernel.wsgi import Application
from subscriptions.models import Product
from tests.makers import make_chef, make_product, make_token, make_user

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/api/platform/products"


class Asked:
    """One request to the application, as the server makes it, and what was sent."""

    def __init__(self, application, path, method="GET", **environ):
        def start(status, headers, exc_info=None):
            self.status = int(status.split()[0])
            self.headers = dict(headers)

        made = RequestFactory().generic(method, path).environ | environ
        request_started.connect(self._note_django)
        self.is_ready = True
        answer = application(made, start)
        self.body = b"".join(answer)
        request_started.disconnect(self._note_django)
        if hasattr(answer, "close"):
            answer.close()

    def _note_django(self, **_kwargs):
        self.is_ready = False


@pytest.fixture(autouse=True)
def _copies_in_a_file(monkeypatch, tmp_path):
    """Whatever else is shared on this machine, a busy Redis makes no answer unready."""
    copies = MappedNumbers(tmp_path, "a database")
    monkeypatch.setattr(shared, "_copies_of", lambda database: copies)


@pytest.fixture
def told():
    return []


@pytest.fixture
def ask(told):
    application = Application(ReadyAnswers(told.append))

    def asked(path=LIST, **environ):
        return Asked(application, path, **environ)

    asked.application = application
    return asked


@pytest.fixture(autouse=True)
def product():
    return make_product("one")


def without_id(headers):
    return {name: value for name, value in headers.items() if name != "X-Request-ID"}


def test_the_second_answer_is_the_first_one_again(ask):
    first, second = ask(), ask()

    assert (first.is_ready, second.is_ready) == (False, True)
    assert second.status == first.status == 200
    assert second.body == first.body
    assert without_id(second.headers) == without_id(first.headers)
    assert "Content-Security-Policy" in second.headers


def test_every_answer_has_its_own_id(ask):
    ask()
    ids = {ask().headers["X-Request-ID"] for _ in range(3)}

    assert len(ids) == 3
    assert ask(HTTP_X_REQUEST_ID="mine").headers["X-Request-ID"] == "mine"
    assert ask(HTTP_X_REQUEST_ID="not an id").headers["X-Request-ID"] != "not an id"


def test_it_is_told(ask, told):
    ask()
    second = ask(HTTP_X_REQUEST_ID="mine")

    assert [(s.request_id, s.route, s.status, s.size) for s in told] == [
        ("mine", LIST, 200, len(second.body))
    ]
    assert 0 < told[0].seconds < 60


def test_one_that_only_warms_up_is_not_told(ask, told):
    ask()
    ask(HTTP_USER_AGENT=WARM_UP)
    assert not told

    ask(HTTP_USER_AGENT=WARM_UP, HTTP_X_FORWARDED_FOR="10.0.0.1")  # somebody says so
    assert len(told) == 1


def test_one_that_can_not_be_told_is_sent_all_the_same(product):
    def fail(sent):
        raise OSError

    application = Application(ReadyAnswers(fail))
    Asked(application, LIST)

    assert Asked(application, LIST).is_ready


def test_a_write_makes_it_anew(ask):
    ask()
    assert ask().is_ready
    Product.objects.update(name="Two")
    third = ask()

    assert not third.is_ready
    assert b'"Two"' in third.body
    assert ask().is_ready


def test_another_groups_write_does_not(ask):
    ask()
    make_chef()

    assert ask().is_ready


class TestTags:
    def test_who_has_it_is_told_so(self, ask):
        tag = ask().headers["ETag"]
        known = ask(HTTP_IF_NONE_MATCH=tag)

        assert (known.status, known.body, known.is_ready) == (304, b"", True)
        assert known.headers["ETag"] == tag
        assert "Content-Type" not in known.headers
        assert known.headers["Cache-Control"].startswith("public")

    @pytest.mark.parametrize("path", [LIST, f"{LIST}/one", "/coocook/explore", "/"])
    def test_by_the_same_headers_as_django_tells(self, ask, path):
        tag = ask(path).headers["ETag"]
        by_us = ask(path, HTTP_IF_NONE_MATCH=tag)
        by_django = Asked(Application(), path, HTTP_IF_NONE_MATCH=tag)

        assert (by_us.is_ready, by_django.is_ready) == (True, False)
        assert by_django.status == by_us.status == 304
        assert without_id(by_us.headers) == without_id(by_django.headers)

    @pytest.mark.parametrize("header", ['"other", {}', "*", "{}, W/{}"])
    def test_in_any_way_of_naming_it(self, ask, header):
        tag = ask().headers["ETag"].removeprefix("W/")

        assert ask(HTTP_IF_NONE_MATCH=header.replace("{}", tag)).status == 304

    @pytest.mark.parametrize("path", [LIST, f"{LIST}/one", "/coocook/explore"])
    def test_even_when_nobody_else_asked_for_it(self, ask, path):
        tag = Asked(Application(), path).headers["ETag"]
        first, second = (ask(path, HTTP_IF_NONE_MATCH=tag) for _ in range(2))

        assert (first.status, first.is_ready) == (304, False)
        assert (second.status, second.is_ready) == (304, True)
        assert without_id(second.headers) == without_id(first.headers)

    def test_who_has_not_is_given_it_all_the_same(self, ask):
        tag = Asked(Application(), LIST).headers["ETag"]
        ask(HTTP_IF_NONE_MATCH=tag)

        assert (ask().status, ask().is_ready) == (200, True)
        assert ask(HTTP_IF_NONE_MATCH=tag).is_ready

    def test_a_write_ends_that_too(self, ask):
        tag = Asked(Application(), LIST).headers["ETag"]
        ask(HTTP_IF_NONE_MATCH=tag)
        Product.objects.update(name="Two")

        assert ask(HTTP_IF_NONE_MATCH=tag).status == 200

    def test_a_tag_that_claims_to_hold_longer_takes_nothing_away(self, ask):
        path = f"/api/coocook/chefs/{make_chef().pk}/slots"
        whole = Asked(Application(), path)
        version = whole.headers["ETag"].rpartition("-")[0]

        assert ask(path, HTTP_IF_NONE_MATCH=f'{version}-{10**17 - 1}"').status == 304
        assert ask(path, HTTP_IF_NONE_MATCH=f'{version}-{10**18 - 1}"').status == 200
        assert ask(path, HTTP_IF_NONE_MATCH=whole.headers["ETag"]).status == 304
        assert ask(path).body == whole.body
        assert ask(path).is_ready

    def test_who_has_another_gets_it(self, ask):
        ask()
        answer = ask(HTTP_IF_NONE_MATCH='"other"')

        assert (answer.status, answer.is_ready) == (200, True)


class TestNobodysOwn:
    @pytest.mark.parametrize(
        "environ",
        [
            {"HTTP_COOKIE": "a=1; sessionid=abc"},
            {"HTTP_AUTHORIZATION": "Bearer sf_abc"},
            {"method": "HEAD"},
            {"CONTENT_LENGTH": "3", "wsgi.input": BytesIO(b"abc")},
            {"HTTP_TRANSFER_ENCODING": "chunked"},
            {"HTTP_HX_REQUEST": "perhaps"},
        ],
    )
    def test_django_answers(self, ask, environ):
        ask()
        assert ask().is_ready

        assert not ask(**environ).is_ready

    def test_cookies_that_are_no_credentials_are_let_be(self, ask):
        ask()

        assert ask(HTTP_COOKIE="theme=dark").is_ready

    def test_private_answers_are_not_kept(self, ask):
        token = make_token(make_user("ana@example.test"))
        path = "/api/coocook/bookings"

        assert ask(path, HTTP_AUTHORIZATION=f"Bearer {token}").status == 200
        assert ask(path).status == 401
        assert ask(path, HTTP_AUTHORIZATION=f"Bearer {token}").status == 200

    def test_what_a_signed_in_visitor_asked_for_is_not_kept(self, ask):
        ask(HTTP_COOKIE="sessionid=abc")

        assert not ask().is_ready

    def test_what_is_missing_is_not_kept(self, ask):
        path = "/api/platform/products/none"

        assert ask(path).status == 404
        assert not ask(path).is_ready


class TestKeys:
    @pytest.mark.parametrize(
        "environ",
        [
            {"path": f"{LIST}?limit=1"},
            {"HTTP_HOST": "localhost"},
            {"wsgi.url_scheme": "https"},
            {"HTTP_ACCEPT_ENCODING": "gzip"},
            {"SCRIPT_NAME": "/below"},
        ],
    )
    def test_what_an_answer_depends_on_tells_it_apart(self, ask, environ):
        ask()
        assert ask().is_ready

        assert not ask(**environ).is_ready

    def test_a_part_of_a_page_is_another_answer(self, ask):
        page = ask("/coocook/explore")
        part = ask("/coocook/explore", HTTP_HX_REQUEST="true")

        assert not part.is_ready
        assert part.headers["ETag"] != page.headers["ETag"]

    def test_a_host_that_is_refused_gets_nothing_of_anothers(self, ask):
        ask()

        assert ask(HTTP_HOST="evil.example").status == 400

    def test_browsers_that_get_the_same_encoding_share_it(self, ask):
        for number in range(20):
            make_product(f"product-{number}")
        first = ask(HTTP_ACCEPT_ENCODING="gzip, deflate, br")
        second = ask(HTTP_ACCEPT_ENCODING="br;q=1.0, *;q=0.1")

        assert second.is_ready
        assert second.headers["Content-Encoding"] == first.headers["Content-Encoding"] == "br"

    def test_the_proxys_scheme_counts_where_a_proxy_is_trusted(self, ask, settings):
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        ask()

        assert not ask(HTTP_X_FORWARDED_PROTO="https").is_ready
        assert ask(HTTP_X_FORWARDED_PROTO="https").is_ready


def test_what_follows_the_clock_is_over_when_the_clock_says_so(ask):
    chef = make_chef()
    path = f"/api/coocook/chefs/{chef.pk}/slots"
    with time_machine.travel(clock.now(), tick=False) as traveller:
        ask(path)
        assert ask(path).is_ready
        traveller.shift(timedelta(days=1))

        assert not ask(path).is_ready


def test_only_so_much_is_kept(ask, monkeypatch):
    size = len(ask().body) + ready.HEADER_BYTES
    monkeypatch.setattr(ready, "MOST_BYTES", 2 * size + size // 2)
    first, second, third = (f"{LIST}?limit={n}" for n in (1, 2, 3))
    ask(first)
    ask(second)
    ask(first)
    ask(third)

    kept = ask.application._ready
    assert len(kept) == 2
    assert kept.bytes <= ready.MOST_BYTES
    assert ask(first).is_ready
    assert not ask(second).is_ready


def test_long_addresses_take_room(ask):
    made = ask("/coocook/explore?x=" + "x" * 3_000)

    assert ask.application._ready.bytes > len(made.body) + ready.HEADER_BYTES + 3_000


@pytest.mark.parametrize("tag", [None, "*", 'W/"0-0-0"'])
@pytest.mark.parametrize("path", ["/coocook/chefs/{}", "/api/coocook/chefs/{}/reviews"])
def test_addresses_that_were_made_up_take_no_room(ask, path, tag):
    pk = make_chef().pk + 1
    known = {} if tag is None else {"HTTP_IF_NONE_MATCH": tag}
    assert ask(path.format(pk), **known).status == 404  # from here on, groups have theirs
    before = slots()
    for number in range(1, 4):
        assert ask(path.format(pk + number), **known).status == 404

    assert slots() == before


def slots():
    """How many generations have one."""
    return sum(map(bool, shared.shared_numbers()._open().words[:: mapped.WORDS]))


def test_one_that_is_new_finds_room_among_those_that_are_asked_for(ask, monkeypatch):
    size = len(ask().body) + ready.HEADER_BYTES
    monkeypatch.setattr(ready, "MOST_BYTES", 2 * size + size // 2)
    addresses = [f"{LIST}?limit={n}" for n in (1, 2, 3)]
    for address in addresses[:2] * 2:
        ask(address)
    ask(addresses[2])

    assert ask(addresses[2]).is_ready


def test_an_answer_that_is_made_anew_takes_the_place_of_the_old_one(ask):
    ask()
    Product.objects.update(name="Two")
    ask()

    assert len(ask.application._ready) == 1
