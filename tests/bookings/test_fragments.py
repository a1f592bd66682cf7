"""What is kept of a page is known by all that it shows."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from bookings.forms import Choices, ExploreForm
from bookings.models import Chef, Review
from bookings.services.requesting import BookingRequest, request_booking
from bookings.views.timetable import zone_name
from bookings.views.wording import notice_of
from softfactory.kernel import clock
from softfactory.kernel.db import generations
from softfactory.kernel.fragments import fragments
from subscriptions.models import Plan
from tests.makers import make_chef, make_product, make_review, noon_utc

TODAY = date(2027, 3, 1)
OTHER = {
    "name": "Other",
    "cuisine": "Thai",
    "location": "Busan",
    "bio": "Other",
    "picture": "curry",
    "currency": "EUR",
    "timezone": "Europe/Paris",
}


def card(chef):
    """A chef's card as it would be made, and its key."""
    fragments.clear()
    return render_to_string("bookings/chef_card.html", {"chef": chef.card}), chef.card


def facts(chef):
    """What a chef's page shows of the chef, as it would be made, and its key."""
    context = {"chef": chef, "notice": notice_of(chef), "zone_name": zone_name(chef.timezone)}
    names = ("chef_head", "chef_facts", "chef_reviews")
    return [render_to_string(f"bookings/{name}.html", context) for name in names], chef.on_page


@pytest.mark.django_db
@pytest.mark.parametrize("shown", [card, facts])
@pytest.mark.parametrize("field", [field.name for field in Chef._meta.concrete_fields])
def test_chefs_that_look_different_have_different_keys(field, shown):
    chef = make_chef()
    before = shown(chef)
    value = getattr(chef, field)
    if field in OTHER:
        setattr(chef, field, OTHER[field])
    elif isinstance(value, int):
        setattr(chef, field, value + 1)
    after = shown(chef)
    assert before[0] == after[0] or before[1] != after[1]


@pytest.mark.django_db
@pytest.mark.parametrize("field", [field.name for field in Review._meta.concrete_fields])
def test_reviews_that_look_different_have_different_keys(field):
    review = make_review(make_chef())
    before = [render_to_string("bookings/reviews.html", {"reviews": [review]}), review.on_page]
    other = {
        "rating": 1,
        "text": "Other",
        "author_name": "Other",
        "created_at": review.created_at - timedelta(days=1),
    }
    setattr(review, field, other.get(field))
    after = [render_to_string("bookings/reviews.html", {"reviews": [review]}), review.on_page]
    assert before[0] == after[0] or before[1] != after[1]


def asked_for(query):
    return QueryDict(urlencode(query, doseq=True))


@pytest.mark.parametrize(
    "query",
    [
        {"q": "noodles"},
        {"cuisine": "Thai"},
        {"location": "Busan"},
        {"available_on": "2020-01-01"},
        {"guests": "0"},
        {"guests": "many"},
        {"min_price": "9", "max_price": "8"},
        {"min_rating": "4"},
        {"sort": "price"},
        {"dietary": ["vegan", "halal"]},
    ],
)
def test_forms_that_differ_have_different_looks(query):
    usual, asked, again = (
        ExploreForm(asked_for(data), earliest=TODAY) for data in ({}, query, query)
    )
    assert usual.look != asked.look
    assert asked.look == again.look


def test_choices_and_what_is_wrong_are_part_of_a_forms_look():
    data = asked_for({"available_on": TODAY.isoformat()})
    forms = (
        ExploreForm(data, earliest=TODAY),
        ExploreForm(data, earliest=TODAY + timedelta(days=1)),
        ExploreForm(data, earliest=TODAY, choices=Choices(cuisines=("Thai",))),
        ExploreForm(data, earliest=TODAY, choices=Choices(places=("Busan",))),
    )
    assert len({form.look for form in forms}) == 4


@pytest.mark.django_db(transaction=True)
def test_a_page_made_of_fragments_is_the_page_made_without(client, ana):
    chef = make_chef(hours=((12, 18),))
    for n in range(5):
        make_chef(name=f"Chef {n}", rating_hundredths=n, review_count=n)
    noon = noon_utc()
    day = f"{noon:%Y-%m-%d}"
    changes = (
        lambda: Chef.objects.filter(name="Chef 3").update(name="Changed"),
        lambda: Chef.objects.filter(name="Chef 2").update_derived(review_count=9),
        lambda: chef.availability_rules.update(ends=17 * 60),
        lambda: make_review(chef, rating=3),
        lambda: Review.objects.update(text="Changed"),
        lambda: book(chef, ana, noon),
        lambda: Chef.objects.filter(pk=chef.pk).update(max_guests=7, durations=[2, 3]),
        lambda: Chef.objects.filter(pk=chef.pk).update(hourly_rate_amount=7, horizon_days=20),
        lambda: Chef.objects.filter(pk=chef.pk).update(timezone="Asia/Tokyo", bio="Changed"),
        lambda: make_product(name="Brand new"),
        lambda: Plan.objects.update(price_amount=7),
    )
    paths = [
        *("/coocook/explore?guests=3", "/coocook/explore?q=x", "/"),
        *(f"/coocook/chefs/{chef.pk}{query}" for query in ("", f"?date={day}", "?guests=0")),
    ]
    paths += [f"/ko{path}" for path in paths]
    fragments.clear()  # other tests have other routes
    for change in changes:
        change()
        with_fragments = [client.get(path).content for path in paths]
        fragments.clear()
        generations.move_now("chefs", "calendar", "products")
        assert [client.get(path).content for path in paths] == with_fragments


def book(chef, customer, starts_at):
    wanted = BookingRequest(chef_id=chef.pk, starts_at=starts_at, duration_hours=2)
    request_booking(customer=customer, request=wanted, now=clock.now())


@pytest.mark.django_db(transaction=True)
def test_no_fragment_knows_who_was_looking(client, browse, ana):
    fragments.clear()
    browse(ana).get(reverse("bookings:booking_list"))
    mine = browse(ana).get(reverse("bookings:explore")).text
    assert "ana" not in client.get(reverse("bookings:explore")).text
    assert mine == client.get(reverse("bookings:explore")).text
