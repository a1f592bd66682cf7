"""What a row looks like in JSON: written by a function, described by its serializer, both equal."""

import pytest
from django.utils.translation import gettext_lazy
from rest_framework.renderers import JSONRenderer

from bookings.models import Booking, Chef, Review
from bookings.serializers.bookings import BookingSerializer, booking_as_json
from bookings.serializers.chefs import ChefSerializer, chef_as_json
from bookings.serializers.reviews import ReviewSerializer, review_as_json
from softfactory.accounts.models import ApiToken
from softfactory.accounts.serializers import (
    MeSerializer,
    TokenSerializer,
    me_as_json,
    token_as_json,
)
from softfactory.kernel import clock
from softfactory.kernel.api.renderers import FastJSONRenderer
from softfactory.kernel.assets import dishes
from subscriptions.models import Invoice, Product, Subscription
from subscriptions.serializers.invoices import invoice_as_json
from subscriptions.serializers.products import PlanSerializer, ProductSerializer, product_as_json
from subscriptions.serializers.subscriptions import subscription_as_json
from tests.makers import (
    make_booking,
    make_chef,
    make_product,
    make_review,
    make_subscription,
    make_token,
    make_user,
)


def make_reviewed_chef():
    chef = make_chef(
        picture=dishes()[0], name="나리 “Nari”\u2028", instant_booking=True, is_active=False
    )
    make_review(chef, rating=4)
    make_review(chef, rating=5)
    return Chef.objects.get(pk=chef.pk)


def make_held_booking():
    held = {"status": Booking.Status.HELD, "expires_at": clock.now()}
    return make_booking(special_requests="<b>No “nuts”</b>\n", **held)


def make_unused_token():
    make_token(make_user(), last_used_at=None, scopes=["bookings:read", "accounts:read"])
    return ApiToken.objects.get()


@pytest.mark.parametrize(
    ("make", "serializer", "as_json"),
    [
        (make_chef, ChefSerializer, chef_as_json),
        (make_reviewed_chef, ChefSerializer, chef_as_json),
        (make_booking, BookingSerializer, booking_as_json),
        (make_held_booking, BookingSerializer, booking_as_json),
        (make_review, ReviewSerializer, review_as_json),
        (make_unused_token, TokenSerializer, token_as_json),
    ],
)
def test_a_row_is_shown_as_its_serializer_says_to_the_byte(db, make, serializer, as_json):
    model = type(make())
    row = model.objects.get()
    as_said = JSONRenderer().render(serializer(row).data)

    for columns in (model.objects.shown().get(), vars(row)):
        assert FastJSONRenderer().render(as_json(columns)) == as_said


def test_who_one_is_is_shown_as_its_serializer_says_to_the_byte(db):
    user, scopes = make_user(name="Ana “Á”"), ["accounts:read", "bookings:read"]
    as_said = JSONRenderer().render(MeSerializer(user, context={"scopes": scopes}).data)

    assert FastJSONRenderer().render(me_as_json(user, scopes)) == as_said


def test_no_query_shows_more_than_is_written(db):
    """A column that nobody writes out would be read in vain."""
    make_review()
    make_subscription(make_user())

    class Noting(dict):
        def __init__(self, row):
            super().__init__(row)
            self.used = set()

        def __getitem__(self, name):
            self.used.add(name)
            return super().__getitem__(name)

    for model, as_json in (
        (Chef, chef_as_json),
        (Booking, booking_as_json),
        (Review, review_as_json),
        (Subscription, subscription_as_json),
        (Invoice, invoice_as_json),
    ):
        row = Noting(model.objects.shown().get())
        as_json(row)
        assert row.used == set(row)


def test_a_product_is_shown_with_the_members_that_its_serializer_has(db):
    make_product()

    shown = product_as_json(Product.objects.with_plans().shown().get())

    assert list(shown) == list(ProductSerializer().fields)
    assert [list(plan) for plan in shown["plans"]] == [list(PlanSerializer().fields)] * 2


@pytest.mark.parametrize(
    "said",
    [
        None,
        {"text": "a\u2028b\u2029c", "lazy": gettext_lazy("Send a value, or leave it out.")},
        {"huge": 10**30},
        {1: "a key that is a number"},
        [1.5, 0.1 + 0.2, True, None, "é"],
    ],
)
def test_whatever_is_said_is_written_as_rest_framework_would(said):
    assert FastJSONRenderer().render(said) == JSONRenderer().render(said)


def test_a_lone_surrogate_is_left_to_rest_framework():
    with pytest.raises(UnicodeEncodeError):
        JSONRenderer().render("\ud800")
    with pytest.raises(UnicodeEncodeError):
        FastJSONRenderer().render("\ud800")
