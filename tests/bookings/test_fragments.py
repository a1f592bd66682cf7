"""What is kept of a page is known by all that it shows."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from bookings.forms import ExploreForm
from bookings.models import Chef
from softfactory.kernel import clock
from softfactory.kernel.fragments import fragments
from tests.makers import make_chef

OTHER = {
    "name": "Other",
    "cuisine": "Thai",
    "location": "Busan",
    "picture": "curry",
    "currency": "EUR",
    "timezone": "Europe/Paris",
}


def card(chef):
    """A chef's card as it would be made."""
    fragments.clear()
    return render_to_string("bookings/chef_card.html", {"chef": chef})


@pytest.mark.django_db
@pytest.mark.parametrize("field", [field.name for field in Chef._meta.concrete_fields])
def test_cards_that_differ_have_different_keys(field):
    chef = make_chef()
    before = card(chef), (chef.pk, chef.on_card)
    value = getattr(chef, field)
    if field in OTHER:
        setattr(chef, field, OTHER[field])
    elif isinstance(value, int):
        setattr(chef, field, value + 1)
    after = card(chef), (chef.pk, chef.on_card)
    assert before[0] == after[0] or before[1] != after[1]


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
    ],
)
def test_forms_that_differ_have_different_looks(query):
    usual, asked = (ExploreForm(data, now=clock.now()) for data in ({}, query))
    assert usual.look != asked.look
    assert asked.look == ExploreForm(query, now=clock.now()).look


def test_choices_and_what_is_wrong_are_part_of_a_forms_look():
    now = clock.now()
    form = ExploreForm({"available_on": now.date().isoformat()}, now=now)
    looks = {form.look, ExploreForm(form.data, now=now + timedelta(days=2)).look}
    form.suggest_cuisines(["Thai"])
    looks.add(form.look)
    form.suggest_places(["Busan"])
    looks.add(form.look)
    assert len(looks) == 4


@pytest.mark.django_db(transaction=True)
def test_a_page_made_of_fragments_is_the_page_made_without(client):
    for n in range(5):
        make_chef(name=f"Chef {n}", rating_hundredths=n, review_count=n)
    for path in ("/coocook/explore?guests=3", "/ko/coocook/explore", "/coocook/explore?q=x"):
        fragments.clear()
        client.get(path)
        Chef.objects.filter(name="Chef 3").update(name="Changed")
        Chef.objects.filter(name="Chef 2").update_derived(review_count=9)
        with_fragments = client.get(path).content
        fragments.clear()
        Chef.objects.filter(name="Chef 1").update(bio="Moves the version alone.")
        assert client.get(path).content == with_fragments


@pytest.mark.django_db(transaction=True)
def test_no_fragment_knows_who_was_looking(client, browse, ana):
    fragments.clear()
    browse(ana).get(reverse("bookings:booking_list"))
    mine = browse(ana).get(reverse("bookings:explore")).text
    assert "ana" not in client.get(reverse("bookings:explore")).text
    assert mine == client.get(reverse("bookings:explore")).text
