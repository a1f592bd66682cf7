"""Finding a chef: filters, results, and what is on."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from bookings.forms import PRICE_CURRENCY as CURRENCY
from bookings.forms import ExploreForm
from bookings.models.words import cuisine_name, place_name, stored_word
from bookings.views.paging import Page, chip
from bookings.views.results import Results
from softfactory.kernel import clock
from softfactory.kernel.components.lists import Chip
from softfactory.kernel.components.times import written
from softfactory.kernel.http import cached_reads
from softfactory.kernel.money import Money
from softfactory.kernel.profiling import profiled

PAGE_SIZE = 12

# How a filter that is on is said.
WORDS: dict[str, Callable[[Any], str]] = {
    "q": lambda text: f"“{text}”",
    "cuisine": cuisine_name,
    "location": lambda place: place_name(stored_word(place)),
    "available_on": lambda day: written(day, "date"),
    "guests": lambda n: ngettext("%(n)s guest", "%(n)s guests", n) % {"n": n},
    "min_price": lambda n: _("from %(price)s per hour") % {"price": Money(n, CURRENCY)},
    "max_price": lambda n: _("up to %(price)s per hour") % {"price": Money(n, CURRENCY)},
    "min_rating": lambda n: _("%(stars)s stars and up") % {"stars": f"{n / 100:g}"},
}


@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    """Chefs by the filters of the query string. With a date it follows calendars and the clock."""
    if request.GET.get("available_on"):
        return _explore_day(request)
    return _explore_all(request)


@cached_reads("chefs", "calendar", clocked=True)
def _explore_day(request: HttpRequest) -> HttpResponse:
    return _explored(request, now=clock.now())


@cached_reads("chefs")
def _explore_all(request: HttpRequest) -> HttpResponse:
    return _explored(request, now=clock.now())


@profiled("explore page")
def _explored(request: HttpRequest, *, now: datetime) -> HttpResponse:
    form = ExploreForm(request.GET.dict(), now=now)
    form.is_valid()
    wanted = {name: value for name, value in form.cleaned_data.items() if value not in ("", None)}
    page = Page(request, Results(wanted, now=now), size=PAGE_SIZE)
    if page.is_beyond:
        raise Http404
    total = 0
    if page.rows:
        _card, total, cuisines, places = page.rows[0]
        form.suggest_cuisines(cuisines)
        form.suggest_places(places)
    context = {
        "form": form,
        "page": page,
        "cards": tuple(result.card for result in page.rows),
        "total": page.reached if total is None else total,
        "is_more": total is None and page.next is not None,
        "chips": chips(request, wanted),
        "visit": visit_query(wanted),
    }
    return render(request, "bookings/chef_list.html", context)


def visit_query(wanted: Mapping[str, Any]) -> str:
    """Return what a chef's page is told of the search: date and guests, if they were named."""
    names = {"available_on": "date", "guests": "guests"}
    query = {names[name]: wanted[name] for name in names if name in wanted}
    return f"?{urlencode(query)}" if query else ""


def chips(request: HttpRequest, wanted: Mapping[str, Any]) -> list[Chip]:
    """Return what is filtered by, in words, each with the address without it."""
    return [
        chip(request, in_words(wanted[name]), name)
        for name, in_words in WORDS.items()
        if name in wanted
    ]
