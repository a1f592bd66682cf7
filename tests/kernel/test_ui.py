"""The components: what they show, how they refuse mistakes, and the page that shows them all."""

import re
from datetime import UTC, datetime

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils.translation import override

from softfactory.kernel.assets import SCENES, asset_url, dishes, picture_url
from softfactory.kernel.components import fragments
from softfactory.kernel.components.content import initials
from softfactory.kernel.forms import Chips, Combobox, Stepper, words_of
from softfactory.kernel.fragments import Fragments
from softfactory.kernel.money import Money

EVENING = datetime(2027, 3, 4, 9, tzinfo=UTC)


def shown(template, **values):
    """The markup of a template, its white space squeezed."""
    return " ".join(Template(template).render(Context(values)).split())


# What is wrong is found when the template is compiled.


@pytest.mark.parametrize(
    "template",
    [
        "{% button kind='primry' %}Save{% endbutton %}",
        "{% button colour='red' %}Save{% endbutton %}",
        "{% icon 'strawberry' %}",
        "{% badge 'Paid' tone='green' %}",
        "{% badge %}",
        "{% price money unit='mile' %}",
        "{% card title='Hong' %}{% endcard %}",
        "{% skeleton 'line' 'next' 'more' %}",
        "{% notice 'loud' %}Hear{% endnotice %}",
    ],
)
def test_refuses_a_wrong_argument_when_compiled(template):
    with pytest.raises(TemplateSyntaxError):
        Template(template)


def test_says_which_words_there_are():
    with pytest.raises(TemplateSyntaxError, match="primary, quiet, danger, plain"):
        Template("{% button kind='primry' %}Save{% endbutton %}")


# Assets


def test_assets_have_hashed_addresses():
    assert re.fullmatch(r"/static/built/app-[0-9A-Z]{8}\.css", asset_url("app.css"))


def test_an_asset_that_was_not_built_is_an_error():
    with pytest.raises(ValueError, match="make assets"):
        asset_url("app.exe")


def test_there_are_drawings_of_dishes():
    assert len(dishes()) >= 24
    assert not SCENES & set(dishes())
    assert picture_url("bibimbap").startswith("/static/built/bibimbap-")


@pytest.mark.parametrize("name", ["", "pizza-from-the-moon", "../secret"])
def test_a_picture_that_is_not_there_is_an_empty_plate(name):
    assert picture_url(name) is None
    assert picture_url("plate") in shown("{% picture name %}", name=name)


# Actions


def test_a_button_with_an_address_is_a_link():
    html = shown("{% button href='/book' %}Book{% endbutton %}")
    assert html.startswith("<a ")
    assert 'href="/book"' in html


def test_a_disabled_link_leads_nowhere():
    html = shown("{% button href='/book' disabled=True %}Book{% endbutton %}")
    assert "href" not in html
    assert 'aria-disabled="true"' in html


def test_a_button_that_opens_a_sheet_sends_no_form():
    html = shown("{% button opens='filters' %}Filters{% endbutton %}")
    assert 'type="button"' in html
    assert 'popovertarget="filters"' in html


def test_a_sign_without_words_is_silent():
    assert 'aria-hidden="true"' in shown("{% icon 'star' %}")
    assert 'aria-label="Rated"' in shown("{% icon 'star' label='Rated' %}")


def test_what_people_wrote_is_escaped():
    html = shown(
        "{% card href='/' title=name meta=name %}{{ name }}{% endcard %}"
        "{% badge name %}{% avatar name %}{% toast name %}{% copyable name %}",
        name="<script>",
    )
    assert "<script" not in html
    assert "&lt;script" in html


# Content


def test_a_price_is_written_in_the_language_of_the_page():
    template = "{% price money unit='hour' starting=True %}"
    words = re.sub("<.*?>", "", shown(template, money=Money(45_000)))
    assert " ".join(words.split()) == "from ₩45,000 per hour"
    with override("ko"):
        assert "₩45,000" in shown("{% price money %}", money=Money(45_000))


def test_a_rating_is_read_out_as_text():
    assert "Rated 4.93 out of 5 by 31 reviews" in shown("{% rating 493 31 %}")
    assert "by 1 review <" in shown("{% rating 400 1 %}")
    assert "Rated 5 out of 5" in shown("{% rating 500 %}")


def test_nobody_rated_is_no_rating_of_zero():
    assert "No reviews yet" in shown("{% rating 0 0 %}")
    assert "New" in shown("{% rating 0 0 compact=True %}")


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ana Ruiz", "AR"), ("Ana", "A"), ("김민지", "민지"), ("Ana María Ruiz", "AR"), ("", "?")],
)
def test_initials_of_a_name(name, letters):
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("language", "written"), [("en", "Thu 4 Mar 18:00"), ("ko", "3월 4일 (목) 18:00")]
)
def test_a_moment_is_as_the_clock_of_its_place_shows_it(language, written):
    with override(language):
        html = shown("{% moment at zone='Asia/Seoul' %}", at=EVENING)
    assert f">{written}</time>" in html
    assert 'datetime="2027-03-04T09:00:00+00:00"' in html


def test_a_full_day_is_no_link():
    days = [{"date": EVENING.date(), "href": "/4", "free": 0}]
    html = shown("{% date_strip days %}", days=days)
    assert "href" not in html
    assert "Thursday 4 March: nothing free" in html


def test_a_day_that_is_too_soon_says_so():
    days = [{"date": EVENING.date(), "href": "/4", "free": 0, "too_soon": True}]
    html = shown("{% date_strip days %}", days=days)
    assert "href" not in html
    assert "Thursday 4 March: too soon to book" in html
    assert "nothing free" not in html


def test_times_lead_somewhere_or_are_chosen():
    link = [{"value": "1", "label": "18:00", "href": "/book"}]
    choice = [{"value": "1", "label": "18:00"}]
    assert 'href="/book"' in shown("{% time_chips times %}", times=link)
    html = shown("{% time_chips times selected='1' %}", times=choice)
    assert re.search(r'type="radio".* checked', html)


def test_there_are_no_pages_of_a_list_that_fits():
    assert shown("{% pagination %}") == ""


# Forms


class Visit(forms.Form):
    email = forms.EmailField(help_text="For the answer.")
    guests = forms.IntegerField(min_value=1, max_value=20, widget=Stepper)
    hours = forms.ChoiceField(choices=[("2", "2"), ("3", "3")], widget=Chips)
    place = forms.CharField(required=False, widget=Combobox(suggestions=["Seoul"]))


def test_a_mistake_is_tied_to_its_field():
    field = Visit({"email": "ana@", "guests": "2", "hours": "2"})["email"]
    html = field.as_field_group()
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'aria-invalid="true"' in html
    assert re.search(r'id="id_email_error"\s*>', html)
    assert "Enter a valid email address." in html


def test_a_field_without_mistake_hides_where_one_would_stand():
    html = Visit()["email"].as_field_group()
    assert re.search(r'id="id_email_error"\s+hidden', html)
    assert "aria-invalid" not in html


def test_the_browser_says_what_the_server_says():
    words = words_of(Visit().fields["guests"])
    form = Visit({"email": "ana@example.test", "guests": "31", "hours": "2"})
    assert [words["range-overflow"]] == form.errors["guests"]
    assert words["value-missing"] == "This field is required."
    assert f'data-range-overflow="{words["range-overflow"]}"' in form["guests"].as_field_group()


def test_a_choice_is_a_group_with_a_name():
    html = Visit()["hours"].as_field_group()
    assert "<fieldset" in html
    assert "<legend" in html
    assert html.count('type="radio"') == 2


def test_suggestions_belong_to_their_field():
    html = Visit()["place"].as_field_group()
    assert 'list="id_place_suggestions"' in html
    assert '<datalist id="id_place_suggestions">' in html


def test_what_is_wrong_with_the_whole_form_stands_on_top():
    form = Visit({"email": "ana@example.test", "guests": "3", "hours": "2"})
    form.add_error(None, "That time is taken.")
    assert str(form).index("That time is taken.") < str(form).index("id_email")


# Whole pages


def test_the_frame_of_a_page_looks_at_nobody():
    request = RequestFactory().get("/coocook/explore")
    html = Template("{% extends 'base.html' %}").render(Context({"request": request}))
    assert "csrfmiddlewaretoken" not in html
    assert 'href="#main"' in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("/coocook/explore?q=a%20b&amp;c", "/ko/coocook/explore?q=a%20b&amp;amp;c"),
        ("/ko/coocook/explore", "/coocook/explore"),
        ("/nowhere?a=1", "/nowhere?a=1"),
        ("/api/docs", "/api/docs"),
    ],
)
def test_the_frame_leads_to_the_same_page_in_the_other_language(client, address, other):
    assert f'class="language" href="{other}"' in client.get(address).text


@pytest.mark.django_db
def test_the_menu_says_which_of_its_pages_this_is(client):
    current = 'href="/coocook/explore" aria-current="page"'
    assert current in client.get("/coocook/explore?q=rice").text
    assert current not in client.get("/").text


@pytest.mark.django_db
def test_the_frame_keeps_nothing_of_an_address(client, monkeypatch):
    kept = Fragments(most=1_000_000)
    monkeypatch.setattr(fragments, "fragments", kept)
    sizes = set()
    for number in range(3):
        client.get(f"/nowhere/{number}")
        sizes.add(kept._size)
    assert len(sizes) == 1


def test_the_styleguide_is_for_staff(browse, cho, dee):
    assert browse(None).get("/styleguide/").status_code == 302
    assert browse(cho).get("/styleguide/").status_code == 404
    assert browse(dee).get("/styleguide/").status_code == 200


def test_nothing_is_styled_or_scripted_in_the_page(browse, dee):
    html = browse(dee).get("/styleguide/").content.decode()
    assert not re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]* src=)", html)
