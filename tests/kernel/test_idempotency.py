"""Idempotency-Key: one effect, one answer, however often and however fast a request is sent."""

import threading
import uuid
from datetime import timedelta

import brotli
import pytest
from django.db import OperationalError, connections, transaction
from django.urls import path
from rest_framework.exceptions import NotAuthenticated, Throttled, ValidationError
from rest_framework.response import Response
from rest_framework.test import APIClient

from softfactory.kernel import answers, clock
from softfactory.kernel.answers import Answer, Asked
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.http.problems import handler404, handler500
from softfactory.kernel.idempotency import idempotent
from softfactory.kernel.models import IdempotencyKey
from softfactory.kernel.problems import (
    Conflict,
    DomainError,
    Forbidden,
    NotFound,
    PreconditionFailed,
)
from subscriptions.models import Product
from tests.makers import make_token

__all__ = ["handler404", "handler500", "urlpatterns"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]


class Deadlock(Exception):
    sqlstate = "40P01"


class Effects(ApiViewSet):
    """Creates a product per request; then does what the test wants."""

    scope = "subscriptions"
    runs = 0
    then = staticmethod(lambda: None)

    @idempotent
    def create(self, request, pk=None):
        """Create."""
        Effects.runs += 1
        product = Product.objects.create(slug=uuid.uuid4().hex, name=request.data["name"])
        Effects.then()
        headers = {"ETag": '"1.ab"', "Location": f"/api/effects/{product.pk}", "X-Other": "1"}
        body = {"id": product.pk, "run": Effects.runs, "text": "long enough to compress " * 25}
        return Response(body, status=201, headers=headers)


urlpatterns = [
    path("api/effects", Effects.as_view({"post": "create"})),
    path("api/effects/<int:pk>/copy", Effects.as_view({"post": "create"})),
]


@pytest.fixture(autouse=True)
def effects():
    Effects.runs, Effects.then = 0, staticmethod(lambda: None)
    return Effects


@pytest.fixture
def post(api, ana):
    caller = api(ana)

    def send(key="k1", *, name="soup", url="/api/effects", by=caller, **headers):
        if key is not None:
            headers["Idempotency-Key"] = key
        by.raise_request_exception = False
        return by.post(url, {"name": name}, headers=headers)

    return send


def raising(error):
    def then():
        raise error

    return staticmethod(then)


def test_without_a_key_every_request_has_its_effect(post):
    assert [post(None).status_code for _time in range(2)] == [201, 201]
    assert Product.objects.count() == 2
    assert not IdempotencyKey.objects.exists()


def test_the_same_request_again_has_the_same_answer_byte_for_byte(post):
    first, again = post(), post()

    assert Product.objects.count() == Effects.runs == 1
    assert (again.status_code, again.content) == (first.status_code, first.content)
    for name in ("Content-Type", "ETag", "Location"):
        assert again.headers[name] == first.headers[name]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["X-Request-ID"] != first.headers["X-Request-ID"]


def test_a_replay_is_compressed_as_its_own_request_asks(post):
    first, again = post(), post(**{"Accept-Encoding": "br"})

    assert brotli.decompress(again.content) == first.content
    assert (first.headers["ETag"], again.headers["ETag"]) == ('"1.ab"', '"1.ab-br"')


@pytest.mark.parametrize("same", ['"k1"', " k1 ", '"k1" '])
def test_quoted_and_bare_are_one_key(post, same):
    post("k1")

    assert post(same).headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("key", ["a", "x" * 255, '"' + "x" * 255 + '"', '"two words"', "a,b;c=1"])
def test_keys(post, key):
    assert post(key).status_code == 201
    assert post(key).headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(
    "key",
    ["", " ", '""', "x" * 256, '"' + "x" * 256 + '"', '"', 'a"b', '"a', "two words", "é", "\x7f"],
)
def test_what_is_no_key(post, key):
    answer = post(key)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_invalid")
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
    assert not Product.objects.exists()


def test_another_body_is_refused(post):
    post(name="soup")
    answer = post(name="rice")

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert Product.objects.count() == 1
    assert post(name="soup").headers["Idempotency-Replayed"] == "true"


def test_each_caller_and_each_operation_has_keys_of_its_own(post, api, cho):
    answers = [
        post(),
        post(by=api(cho)),
        post(url="/api/effects/1/copy"),
        post(url="/api/effects/2/copy"),
    ]

    assert [answer.status_code for answer in answers] == [201] * 4
    assert Product.objects.count() == 4


def test_two_tokens_of_one_user_are_one_caller(post, api, ana):
    first = post()

    assert post(by=api(ana)).content == first.content


def test_a_browsers_session_may_use_keys_too(post, browse, ana):
    """Its CSRF check reads the body before the handler does."""
    browser = browse(ana)
    browser.handler.enforce_csrf_checks = True
    browser.cookies["csrftoken"] = "x" * 32
    sent = [
        browser.post(
            "/api/effects",
            '{"name": "soup"}',
            content_type="application/json",
            headers={"Idempotency-Key": "k1", "X-CSRFToken": "x" * 32},
        )
        for _time in range(2)
    ]

    assert [answer.status_code for answer in sent] == [201, 201]
    assert sent[1].headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (DomainError("too_many_guests", "No."), 422),
        (Conflict("slot_taken", "No."), 409),
        (PreconditionFailed("stale_version", "No."), 412),
    ],
)
def test_a_rules_refusal_is_kept_and_its_effect_is_not(post, effects, error, status):
    effects.then = raising(error)
    first = post()
    effects.then = staticmethod(lambda: None)
    again = post()

    assert first.status_code == again.status_code == status
    assert first.content == again.content
    assert again.headers["Content-Type"] == "application/problem+json"
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Effects.runs == 1
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ValidationError({"name": "No."}), 400),
        (NotAuthenticated(), 401),
        (Forbidden("no", "No."), 403),
        (NotFound("no", "No."), 404),
        (Throttled(wait=1), 429),
        (OperationalError("timed out"), 503),
        (RuntimeError("broken"), 500),
    ],
)
def test_after_other_refusals_and_errors_the_key_is_free(post, effects, error, status):
    effects.then = raising(error)
    assert post().status_code == status
    assert not Product.objects.exists()
    assert not IdempotencyKey.objects.exists()
    effects.then = staticmethod(lambda: None)

    assert post(name="another body").status_code == 201


@pytest.mark.parametrize(("status", "is_kept"), [(422, True), (400, False), (503, False)])
def test_a_refusal_that_is_answered_counts_like_one_that_is_raised(
    post, monkeypatch, status, is_kept
):
    def create(self, request):
        Product.objects.create(slug="p", name="half")
        return Response({"no": True}, status=status)

    monkeypatch.setattr(Effects, "create", idempotent(create))

    assert post().status_code == status
    assert not Product.objects.exists()
    assert IdempotencyKey.objects.exists() == is_kept


def test_a_lost_race_is_run_once_more(post, effects):
    error = OperationalError("deadlock")
    error.__cause__ = Deadlock()

    def then():
        if Effects.runs == 1:
            raise error

    effects.then = staticmethod(then)

    assert post().status_code == 201
    assert (Effects.runs, Product.objects.count()) == (2, 1)


def test_what_was_refused_before_the_handler_takes_no_key(post, api, ana):
    assert post(by=api()).status_code == 401
    assert post(by=api(ana, scopes=["sns:read"])).status_code == 403
    assert not IdempotencyKey.objects.exists()


@pytest.mark.postgresql
def test_while_the_first_runs_others_are_told_to_wait(post, effects, at_once):
    """On SQLite they wait: whoever writes is alone."""
    is_running, is_seen = threading.Event(), threading.Event()

    def then():
        is_running.set()
        is_seen.wait(30)

    effects.then = staticmethod(then)

    def send(number):
        if number == 0:
            return post()
        is_running.wait(30)
        try:
            return post()
        finally:
            is_seen.set()

    first, second = at_once(send, 2)

    assert (second.status_code, second.json()["code"]) == (409, "idempotency_key_in_use")
    assert second.headers["Retry-After"] == "1"
    assert first.status_code == 201
    assert post().content == first.content


@pytest.mark.parametrize(("times", "status"), [(1, 201), (3, 409)])
def test_an_answer_that_was_kept_meanwhile_is_found_by_looking_again(
    post, effects, ana, times, status
):
    """As it is when another request was answered between our look and our lock."""

    def then():
        if Effects.runs <= times:
            asked = Asked(ana.pk, "POST /api/effects", "k1", "", clock.now())
            with transaction.atomic():  # where nothing waits for the end
                answers.keep(asked, Answer(201, {}, b""))

    effects.then = staticmethod(then)

    assert post().status_code == status
    assert Effects.runs == min(times + 1, 3)
    assert Product.objects.count() == IdempotencyKey.objects.count() == (status == 201)


@pytest.mark.postgresql
def test_of_two_that_both_believe_to_be_first_one_is(ana, effects, at_once, monkeypatch):
    """The table's key has the last word, whatever the lock says. On SQLite they take turns."""
    monkeypatch.setattr(type(connections["default"]), "takes_number", "%s IS NOT NULL")
    meeting = threading.Barrier(2)

    def then():
        if Effects.runs <= 2:
            meeting.wait(10)

    effects.then = staticmethod(then)
    token = f"Bearer {make_token(ana)}"

    def send(_number):
        headers = {"Authorization": token, "Idempotency-Key": "k1"}
        return APIClient().post("/api/effects", {"name": "soup"}, headers=headers)

    sent = at_once(send, 2)

    assert [answer.status_code for answer in sent] == [201, 201]
    assert sent[0].content == sent[1].content
    assert sum("Idempotency-Replayed" in answer.headers for answer in sent) == 1
    assert Product.objects.count() == IdempotencyKey.objects.count() == 1


def test_of_many_at_once_one_has_its_effect(ana, at_once):
    """And the others get its answer, or are told to wait."""
    token = f"Bearer {make_token(ana)}"

    def send(number):
        headers = {"Authorization": token, "Idempotency-Key": f"k{number % 2}"}
        return APIClient().post("/api/effects", {"name": "soup"}, headers=headers)

    sent = at_once(send, 8)

    assert Product.objects.count() == 2
    assert {answer.status_code for answer in sent} <= {201, 409}
    assert len({answer.content for answer in sent if answer.status_code == 201}) == 2


def test_after_a_day_the_key_is_new_even_before_it_is_pruned(post):
    post(name="soup")
    IdempotencyKey.objects.update(created_at=clock.now() - timedelta(hours=24))

    answer = post(name="rice")
    assert (answer.status_code, answer.headers.get("Idempotency-Replayed")) == (201, None)
    assert Product.objects.count() == 2
    assert post(name="rice").headers["Idempotency-Replayed"] == "true"


def test_pruning_forgets_what_is_a_day_old(post):
    post("old"), post("new")
    IdempotencyKey.objects.filter(key="old").update(created_at=clock.now() - timedelta(hours=24))

    assert answers.prune(clock.now()) == 1
    assert answers.prune(clock.now()) == 0
    assert IdempotencyKey.objects.get().key == "new"


def test_an_answer_without_a_body_is_replayed_as_one(post, monkeypatch):
    monkeypatch.setattr(Effects, "create", idempotent(lambda self, request: Response(status=204)))
    first, again = post(), post()

    assert (again.status_code, again.content) == (first.status_code, first.content) == (204, b"")
    assert again.headers.get("Content-Type") == first.headers.get("Content-Type")
