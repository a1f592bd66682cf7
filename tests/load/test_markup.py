"""What a browser takes from a page, read from the site's own pages."""

import pytest

from tests.load import markup
from tests.makers import make_chef, noon_utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def chef_page(client):
    chef = make_chef()
    return client.get(f"/coocook/chefs/{chef.pk}").content.decode()


def test_finds_the_files_each_once(chef_page):
    files = markup.files(chef_page)
    assert len(files) == len(set(files))
    assert {path.rpartition(".")[2] for path in files} >= {"css", "js", "svg"}
    assert all(path.startswith("/static/") for path in files)


def test_finds_the_files_that_a_header_names(client):
    hinted = markup.hinted(client.get("/").headers["Link"])
    assert {path.rpartition(".")[2] for path in hinted} == {"css", "js", "woff2"}


def test_finds_what_pages_load_into_themselves(client, chef_page):
    assert markup.fragments(chef_page) == []
    assert markup.menu(chef_page) == "/fragments/account-menu"
    chef = make_chef()
    explore = client.get("/coocook/explore").content.decode()
    assert any(
        address.startswith("/coocook/fragments/next-free?ids=") and str(chef.pk) in address
        for address in markup.fragments(explore)
    )


def test_finds_links_with_what_they_carry(chef_page):
    [first, *_others] = markup.links(chef_page, r"/coocook/chefs/\d+/book\?starts_at=.+")
    assert "&duration_hours=2&guests=2" in first
    assert markup.links(chef_page, r"/nowhere/\d+") == []


def test_reads_a_form_as_it_would_be_sent(browse, ana, chef):
    starts_at = f"{noon_utc():%Y-%m-%dT%H:%M}Z"
    page = browse(ana).get(f"/coocook/chefs/{chef.pk}/book", {"starts_at": starts_at, "guests": 3})
    values = markup.form_values(page.content.decode())
    assert values["starts_at"] == starts_at
    assert values["date"] == noon_utc().date().isoformat()
    assert (values["duration_hours"], values["guests"]) == ("2", "3")
    assert values["price_seen"].isdigit()
    assert values["csrfmiddlewaretoken"]


def test_finds_numbers_each_once():
    page = '<form action="/b/3/x"><form action="/b/5/x"><form action="/b/3/x">'
    assert markup.numbers(r"/b/(\d+)/x", page) == [3, 5]
