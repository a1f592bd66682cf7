"""Menus: who writes them, where they are shown, and what a booking of one costs."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bookings.invariants import count_wrong_search
from bookings.models import Booking, Chef, Menu
from bookings.services.chefs import RATES, edit_chef
from bookings.services.deciding import edit_booking
from bookings.services.menus import edit_menu, make_copies
from bookings.services.requesting import BookingRequest, request_booking
from bookings.services.rescheduling import NewTime, reschedule_booking
from softfactory.kernel import clock
from softfactory.kernel.money import Money
from softfactory.kernel.problems import DomainError
from tests.bookings.answers import ANY_VERSION, problem, wrong_fields
from tests.makers import make_chef, make_menu, noon_utc

pytestmark = pytest.mark.django_db

MENU = {
    "title": "A winter table",
    "courses": ["Kimchi broth", "Galbi", "Persimmon"],
    "price_per_guest": {"amount": 80_000, "currency": "KRW"},
    "duration_hours": 3,
    "min_guests": 2,
    "max_guests": 6,
    "dietary": ["gluten_free"],
    "allergens": ["soy", "sesame"],
}


def of(chef):
    return f"/api/coocook/chefs/{chef.pk}/menus"


def one(menu):
    return f"/api/coocook/menus/{menu.pk}"


def book(customer, chef, **wanted):
    request = BookingRequest(**{"chef_id": chef.pk, "starts_at": noon_utc(9), "guests": 4} | wanted)
    return request_booking(customer=customer, request=request, now=clock.now())


def code(work, *args, **kwargs):
    with pytest.raises(DomainError) as refused:
        work(*args, **kwargs)
    return refused.value.code


def test_the_owner_writes_one_and_everybody_reads_it(api, ben, chef):
    created = api(ben).post(of(chef), MENU)

    assert created.status_code == 201
    shown = created.json()
    assert {name: shown[name] for name in MENU} == MENU
    assert (shown["is_active"], shown["picture"], shown["description"]) == (True, None, "")
    assert api().get(of(chef)).json()["results"] == [shown]
    menu = Menu.objects.get()
    assert api(ben).get(one(menu)).json() == shown


def test_only_the_owner_writes(api, ana, chef):
    menu = make_menu(chef)
    assert problem(api(ana).post(of(chef), MENU)) == (404, "not_found")
    assert problem(api().post(of(chef), MENU))[0] == 401
    for call in ("get", "patch", "delete"):
        answer = getattr(api(ana), call)(one(menu), headers=ANY_VERSION)
        assert problem(answer) == (404, "not_found")


def test_an_edit_needs_the_version_and_is_seen_at_once(api, ben, chef):
    menu = make_menu(chef, title="Before")
    client = api(ben)
    assert problem(client.patch(one(menu), {"title": "After"}))[0] == 428
    etag = client.get(one(menu))["ETag"]
    changed = client.patch(one(menu), {"title": "After"}, headers={"If-Match": etag})
    assert changed.json()["title"] == "After"
    stale = client.patch(one(menu), {"title": "Again"}, headers={"If-Match": etag})
    assert problem(stale) == (412, "stale_version")
    assert api().get(of(chef)).json()["results"][0]["title"] == "After"


def test_one_that_is_withdrawn_is_nobodys_to_book(api, ana, ben, chef):
    menu = make_menu(chef)
    assert api(ben).delete(one(menu)).status_code == 204
    assert api().get(of(chef)).json()["results"] == []
    assert code(book, ana, chef, menu_id=menu.pk) == "menu_not_found"
    assert api(ben).get(one(menu)).json()["is_active"] is False


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"title": ""}, {"title": "blank"}),
        ({"courses": []}, {"courses": "empty"}),
        ({"courses": ["a\nb"]}, {"courses": "invalid"}),
        ({"courses": ["x"] * 13}, {"courses": "max_length"}),
        ({"min_guests": 7}, {"max_guests": "min_value"}),
        ({"duration_hours": 9}, {"duration_hours": "duration_not_offered"}),
        ({"dietary": ["meat"]}, {"dietary.0": "invalid_choice"}),
        (
            {"price_per_guest": {"amount": 1, "currency": "EUR"}},
            {"price_per_guest": "mixed_currencies"},
        ),
        ({"chef_id": 1}, {"chef_id": "read_only"}),
    ],
)
def test_refuses_what_is_no_menu(api, ben, chef, change, errors):
    assert wrong_fields(api(ben).post(of(chef), MENU | change)) == errors
    assert not Menu.objects.exists()


def test_an_edit_can_not_turn_the_guests_around(api, ben, chef):
    menu = make_menu(chef, min_guests=4, max_guests=6)
    answer = api(ben).patch(one(menu), {"max_guests": 3}, headers=ANY_VERSION)
    assert wrong_fields(answer) == {"max_guests": "min_value"}


def test_a_chef_has_thirty_at_most(api, ben, chef):
    for _number in range(30):
        make_menu(chef)
    assert problem(api(ben).post(of(chef), MENU)) == (409, "too_many_menus")


def test_a_booking_of_one_costs_what_it_says_and_keeps_that(ana, chef):
    menu = make_menu(chef, price_per_guest_amount=80_000, duration_hours=3, title="Winter")

    booking = book(ana, chef, menu_id=menu.pk, duration_hours=2)

    assert (booking.duration_hours, booking.menu_title) == (3, "Winter")
    assert (booking.session_amount, booking.hours_amount) == (100_000, 0)
    assert (booking.guests_amount, booking.total_amount) == (320_000, 420_000)
    edit_menu(menu=menu, versions=None, changes={"title": "Spring"})
    assert Booking.objects.get().menu_title == "Winter"


@pytest.mark.parametrize(("guests", "refusal"), [(1, "too_few_guests"), (7, "too_many_guests")])
def test_only_for_so_many(ana, chef, guests, refusal):
    menu = make_menu(chef, min_guests=2, max_guests=6)
    assert code(book, ana, chef, menu_id=menu.pk, guests=guests) == refusal
    booking = book(ana, chef, menu_id=menu.pk, guests=4)
    change = {"booking": booking, "by": ana, "versions": None, "now": clock.now()}
    assert code(edit_booking, **change, guests=guests) == refusal
    assert edit_booking(**change, guests=5).total_amount == 100_000 + 5 * 80_000


def test_another_chefs_menu_is_none(ana, chef):
    assert code(book, ana, chef, menu_id=make_menu(make_chef()).pk) == "menu_not_found"


def test_one_in_a_currency_that_the_chef_has_left_is_none(api, ana, chef):
    menu = make_menu(chef)
    Chef.objects.filter(pk=chef.pk).update(currency="EUR")
    assert api().get(of(chef)).json()["results"] == []
    assert code(book, ana, chef, menu_id=menu.pk) == "menu_not_found"


def test_a_menu_takes_as_long_as_it_takes_when_it_is_moved(ana, chef):
    booking = book(ana, chef, menu_id=make_menu(chef).pk)
    move = {"booking": booking, "by": ana, "now": clock.now()}
    to = NewTime(noon_utc(12), 2)
    assert code(reschedule_booking, **move, to=to) == "menu_has_its_length"
    moved = reschedule_booking(**move, to=NewTime(noon_utc(12)))
    assert (moved.duration_hours, moved.total_amount) == (3, booking.total_amount)


def test_the_api_books_one(api, ana, chef):
    menu = make_menu(chef, title="Winter")
    body = {"chef_id": chef.pk, "starts_at": noon_utc(9).isoformat(), "guests": 2}
    shown = api(ana).post("/api/coocook/bookings", body | {"menu_id": menu.pk}).json()
    assert (shown["menu_id"], shown["menu_title"], shown["duration_hours"]) == (
        menu.pk,
        "Winter",
        3,
    )
    by_hour = body | {"starts_at": noon_utc(10).isoformat()}
    shown = api(ana).post("/api/coocook/bookings", by_hour).json()
    assert (shown["menu_id"], shown["menu_title"]) == (None, "")


def test_chefs_are_found_by_their_menus(chef):
    menu = make_menu(chef, courses="Bouillabaisse\n전복죽")
    assert list(Chef.objects.matching("bouilla")) == [chef]
    assert list(Chef.objects.matching("전복")) == [chef]
    edit_menu(menu=menu, versions=None, changes={"courses": ["Pho"]})
    assert not Chef.objects.matching("bouilla").exists()
    edit_menu(menu=menu, versions=None, changes={"is_active": False})
    assert not Chef.objects.matching("pho").exists()
    Menu.objects.filter(pk=menu.pk).update(is_active=True)
    assert list(Chef.objects.matching("pho")) == [chef]
    menu.delete()
    assert not Chef.objects.matching("pho").exists()
    assert count_wrong_search() == 0


def diets(chef):
    return Chef.objects.get(pk=chef.pk).diets


def test_what_a_chefs_menus_suit_follows_them(api, ben, chef):
    client = api(ben)
    menu = client.post(of(chef), MENU | {"dietary": ["halal", "vegan", "halal"]}).json()
    assert menu["dietary"] == ["vegan", "halal"]
    assert diets(chef) == ["vegan", "halal"]
    etag = client.get(f"/api/coocook/chefs/{chef.pk}")["ETag"]
    client.patch(f"/api/coocook/menus/{menu['id']}", {"dietary": ["kosher"]}, headers=ANY_VERSION)
    assert diets(chef) == ["kosher"]
    assert client.get(f"/api/coocook/chefs/{chef.pk}")["ETag"] != etag
    for currency, suits in (("EUR", []), ("KRW", ["kosher"])):
        changes = {name: Money(0, currency) for name in RATES}
        edit_chef(chef=chef, versions=None, changes=changes)
        assert diets(chef) == suits
    client.delete(f"/api/coocook/menus/{menu['id']}")
    assert diets(chef) == []


def picture():
    from PIL import Image

    written = BytesIO()
    Image.new("RGB", (1200, 900), "orange").save(written, "JPEG")
    return SimpleUploadedFile("galbi.jpg", written.getvalue(), "image/jpeg")


FORM = {
    "title": "A <winter> table",
    "description": "",
    "courses": "Kimchi broth\n\n Galbi ",
    "price": "80000",
    "duration_hours": "3",
    "min_guests": "2",
    "max_guests": "6",
    "allergens": ["soy"],
    "picture_alt": "Galbi on a plate",
}


def test_the_owner_writes_one_on_a_page_with_a_picture(browse, client, ben, chef):
    page = browse(ben).post(
        f"/coocook/chefs/{chef.pk}/menus/new", FORM | {"picture": picture()}, follow=True
    )
    assert "A &lt;winter&gt; table" in page.text
    menu = Menu.objects.get()
    assert (menu.course_list, menu.price_per_guest_amount) == (["Kimchi broth", "Galbi"], 80_000)
    assert menu.picture_copies == []

    make_copies(menu.pk)
    make_copies(menu.pk)

    menu.refresh_from_db()
    assert [width for _name, width in menu.picture_copies] == [480, 960]
    public = client.get(f"/coocook/chefs/{chef.pk}").text
    assert "A &lt;winter&gt; table" in public
    assert 'alt="Galbi on a plate"' in public
    assert client.get(f"/media/{menu.picture}").status_code == 200
    assert f"/book?menu={menu.pk}" in public


def test_the_owner_shows_no_picture_any_more(browse, ben, chef):
    menu = make_menu(chef, picture=f"{'a' * 40}.jpg", picture_alt="Galbi")
    path = f"/coocook/chefs/{chef.pk}/menus/{menu.pk}"
    assert "Show no picture any more" in browse(ben).get(path).text
    browse(ben).post(path, FORM | {"no_picture": "on"})
    menu.refresh_from_db()
    assert (menu.picture, menu.picture_alt, menu.title) == ("", "", FORM["title"])
    page = browse(ben).post(path, FORM | {"no_picture": "on"}, follow=True)
    assert page.status_code == 200
    assert "Show no picture any more" not in browse(ben).get(path).text


def test_what_is_no_picture_is_said_at_the_field(browse, ben, chef):
    menu = make_menu(chef)
    broken = SimpleUploadedFile("x.jpg", b"not a picture", "image/jpeg")
    page = browse(ben).post(f"/coocook/chefs/{chef.pk}/menus/{menu.pk}", FORM | {"picture": broken})
    assert page.status_code in {400, 422}
    assert page.context["form"].errors["picture"]


def test_one_is_withdrawn_and_offered_again_on_the_page(browse, ben, cho, chef):
    menu = make_menu(chef)
    # A link that covers its row would cover the button too.
    assert "booking-row__link" not in browse(ben).get(f"/coocook/chefs/{chef.pk}/menus").text
    path = f"/coocook/chefs/{chef.pk}/menus/{menu.pk}/offer"
    assert browse(cho).post(path).status_code == 404
    for is_active in (False, True):
        browse(ben).post(path)
        assert Menu.objects.get().is_active is is_active


def test_the_booking_form_offers_it_at_its_price(browse, ana, chef):
    menu = make_menu(chef, title="Winter", min_guests=2)
    path = f"/coocook/chefs/{chef.pk}/book"
    page = browse(ana).get(path, {"menu": menu.pk, "guests": "4"})
    assert page.context["price"].total.amount == 100_000 + 4 * 80_000
    sent = {
        "menu": menu.pk,
        "guests": "4",
        "date": f"{noon_utc(9):%Y-%m-%d}",
        "starts_at": noon_utc(9).isoformat(),
        "price_seen": "420000",
    }
    few = browse(ana).post(path, sent | {"guests": "1", "price_seen": ""})
    assert (few.status_code, "for 2 guests or more" in few.text) == (400, True)
    page = browse(ana).post(path, sent, follow=True)
    assert "Winter" in page.text
    assert Booking.objects.get().menu_id == menu.pk


def test_without_menus_there_is_nothing_to_choose(browse, ana, chef):
    assert "What is cooked?" not in browse(ana).get(f"/coocook/chefs/{chef.pk}/book").text
