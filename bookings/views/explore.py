"""Finding a chef: filters, results, and what is on."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.forms import PRICE_CURRENCY as CURRENCY
from bookings.forms import Choices, ExploreForm, earliest_day
from bookings.models.diets import DIETARY
from bookings.models.words import cuisine_name, place_name, stored_word
from bookings.views.paging import Page, chip
from bookings.views.results import ASKED_FOR_SOONEST, SOONEST, Results, is_soonest
from softfactory.kernel import clock
from softfactory.kernel.components.lists import Chip
from softfactory.kernel.components.times import written
from softfactory.kernel.http import cached_reads
from softfactory.kernel.http.pages import render_once
from softfactory.kernel.money import Money
from softfactory.kernel.profiling import profiled

PAGE_SIZE = 12
NO_CHOICES = Choices()

type Typed = tuple[tuple[str, str], ...]

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
    if request.GET.get("available_on") or request.GET.get("sort") == SOONEST:
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
    typed, earliest = tuple(typed_of(request)), earliest_day(now)
    wanted, look = asked(typed, earliest, get_language())
    page = Page(request, Results(wanted, now=now), size=PAGE_SIZE)
    if page.is_beyond:
        raise Http404
    total, choices = (page.rows[0].total, page.rows[0].choices) if page.rows else (0, NO_CHOICES)
    shown = {
        "look": (look, choices),
        "cards": tuple(result.card for result in page.rows),
        "total": page.reached if total is None else total,
        "is_more": total is None and page.next is not None,
        "looked_at": ASKED_FOR_SOONEST if total is None and is_soonest(wanted) else None,
    }
    context = shown | {
        "form": SimpleLazyObject(lambda: form_of(typed, earliest, choices)),
        "page": page,
        "chips": chips(request, wanted),
        "visit": visit_query(wanted),
    }
    shows = (*shown.values(), page.next)
    return render_once(request, "bookings/chef_list.html", context, shows=shows)


class Asked(NamedTuple):
    """The filters that are on with their values, and how the form looks but for its choices."""

    wanted: Mapping[str, Any]
    look: str


@lru_cache(maxsize=200)
def asked(typed: Typed, earliest: date, _language: str) -> Asked:
    """Return what a query asks for; to hear it said in another language, ask again."""
    form = form_of(typed, earliest)
    values = form.cleaned_data.items()
    return Asked({name: value for name, value in values if value not in ("", None)}, form.look)


def typed_of(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Yield what was sent, by name; a name may come more than once."""
    for name, values in request.GET.lists():
        for value in values:
            yield name, str(value)


def form_of(typed: Typed, earliest: date, choices: Choices = NO_CHOICES) -> ExploreForm:
    """Return the form as it was sent."""
    data: MultiValueDict[str, str] = MultiValueDict()
    for name, value in typed:
        data.appendlist(name, value)
    form = ExploreForm(data, earliest=earliest, choices=choices)
    form.is_valid()
    return form


def visit_query(wanted: Mapping[str, Any]) -> str:
    """Return what a chef's page is told of the search: date and guests, if they were named."""
    names = {"available_on": "date", "guests": "guests"}
    query = {names[name]: wanted[name] for name in names if name in wanted}
    return f"?{urlencode(query)}" if query else ""


def chips(request: HttpRequest, wanted: Mapping[str, Any]) -> list[Chip]:
    """Return what is filtered by, in words, each with the address without it."""
    chosen = wanted.get("dietary", ())
    return [
        *(
            chip(request, in_words(wanted[name]), name)
            for name, in_words in WORDS.items()
            if name in wanted
        ),
        *(
            chip(request, str(DIETARY[tag]), dietary=[other for other in chosen if other != tag])
            for tag in chosen
        ),
    ]
