"""What ends outside of a transaction: begun once, finished once more by whoever repeats it."""

import pytest
from django.db import connection
from django.urls import path
from rest_framework.response import Response

from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.http.problems import handler404, handler500
from softfactory.kernel.idempotency import Begun, idempotent
from softfactory.kernel.problems import Conflict, DomainError
from subscriptions.models import Product

__all__ = ["handler404", "handler500", "urlpatterns"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]


class Away(DomainError):
    status = 503


class Orders(ApiViewSet):
    """Makes a product in the transaction, and does what the test wants after it."""

    scope = "subscriptions"
    finishes = 0
    then = staticmethod(lambda: None)

    @idempotent
    def create(self, request):
        """Begin."""
        return Begun(Product.objects.create(slug=request.data["slug"], name="soup").pk)

    def finish_create(self, request, made):
        Orders.finishes += 1
        assert not connection.in_atomic_block
        Orders.then()
        body = {"id": Product.objects.get(pk=made).pk, "finish": Orders.finishes}
        return Response(body, status=201)


urlpatterns = [path("api/orders", Orders.as_view({"post": "create"}))]


@pytest.fixture
def post(api, ana):
    Orders.finishes, Orders.then = 0, staticmethod(lambda: None)
    caller = api(ana)
    caller.raise_request_exception = False

    def send(key="k1", slug="soup"):
        headers = {"Idempotency-Key": key} if key else {}
        return caller.post("/api/orders", {"slug": slug}, headers=headers)

    return send


def end(error):
    def raise_it():
        raise error

    Orders.then = staticmethod(raise_it)


@pytest.mark.parametrize("key", ["k1", None])
def test_it_is_finished_after_the_commit(post, key):
    answer = post(key)

    assert answer.status_code == 201
    assert answer.json() == {"id": Product.objects.get().pk, "finish": 1}


def test_a_repetition_is_answered_by_what_was_kept(post):
    first = post()

    second = post()

    assert second.content == first.content
    assert second["Idempotency-Replayed"] == "true"
    assert Orders.finishes == 1


@pytest.mark.parametrize("error", [RuntimeError("killed"), Away("away", "Come again.")])
def test_what_was_begun_is_finished_by_the_repetition(post, error):
    end(error)
    assert post().status_code >= 500

    Orders.then = staticmethod(lambda: None)
    answer = post()

    assert (answer.status_code, answer.json()["finish"]) == (201, 2)
    assert Product.objects.count() == 1
    assert post().content == answer.content
    assert Orders.finishes == 2


def test_a_refusal_of_the_end_is_kept(post):
    end(Conflict("too_late", "Too late."))
    first = post()
    assert first.status_code == 409

    Orders.then = staticmethod(lambda: None)

    assert post().content == first.content
    assert Orders.finishes == 1
