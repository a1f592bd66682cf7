"""A chef's page: who this is, what guests say, what it costs, and when there is time."""

from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bookings.forms import PlacedForm
from bookings.models import Chef
from bookings.models.words import size_of
from bookings.services.offers import offers_of
from bookings.services.opinions import LATEST as REVIEWS_A_PAGE
from bookings.services.opinions import opinions_of
from bookings.services.pricing import price_of
from bookings.services.sharing import share_of
from bookings.services.travelling import way_to
from bookings.slots import Slot
from bookings.views.paging import Page, address
from bookings.views.sharing import share_shown, structured
from bookings.views.timetable import Timetable, instant_text, timetable_of, zone_name
from bookings.views.wording import notice_of, terms_of
from softfactory.kernel import clock
from softfactory.kernel.http import cached_reads
from softfactory.kernel.http.pages import render_once
from softfactory.kernel.profiling import profiled


@require_safe
@cached_reads("chefs:{pk}", "calendar:{pk}", clocked=True)
@profiled("chef page")
def show_chef(request: HttpRequest, pk: int) -> HttpResponse:
    """The chef, with free times and the price for the visit that the query string describes."""
    offers = offers_of([pk])
    if not offers:
        raise Http404
    chef, schedule = offers[pk]
    form = PlacedForm(chef, request.GET.dict())
    form.is_valid()
    wanted = form.cleaned_data.get("date")
    schedule, too_far = way_to(schedule, form.place)
    visit = {"hours": form.hours, "wanted": wanted, "schedule": schedule}
    timetable = timetable_of(chef, **visit, now=clock.now())
    context = {
        "chef": chef,
        "form": form,
        "price": price_of(chef=chef, hours=form.hours, guests=form.heads),
        "size": size_of(form.hours, form.heads),
        "notice": notice_of(chef),
        "terms": terms_of(chef.policy),
        "zone_name": zone_name(chef.timezone),
        "timetable": timetable,
        **_choices(request, chef, form, timetable),
        **({"times": None, "too_far": too_far} if too_far else {}),
        **_opinions(chef),
    }
    share = share_shown(chef, share_of(chef, context["menus"]))
    context |= {"share": share, "structured": structured(chef, share)}
    shows = (chef.on_page, context["said"], context["offered"], timetable.look, form.look, too_far)
    return render_once(request, "bookings/chef_detail.html", context, shows=shows)


def _choices(
    request: HttpRequest, chef: Chef, form: PlacedForm, timetable: Timetable
) -> dict[str, Any]:
    """The days and times of the panel, with where each leads; made if nobody kept them."""
    book = reverse("bookings:book", kwargs={"pk": chef.pk})

    def on_day(day: date | None) -> str | None:
        return address(request, date=day) if day else None

    def at_time(slot: Slot) -> str:
        visit = {
            "starts_at": instant_text(slot.starts_at),
            "duration_hours": form.hours,
            "guests": form.heads,
            **(form.place._asdict() if form.place else {}),
        }
        return f"{book}?{urlencode(visit)}"

    return {
        "days": partial(timetable.days, on_day),
        "times": partial(timetable.times, at_time),
        "earlier": on_day(timetable.previous),
        "later": on_day(timetable.next),
    }


def _opinions(chef: Chef) -> dict[str, Any]:
    """The first page of the reviews, where the second is, and how many gave how many stars."""
    (reviews, menus), rows = opinions_of(chef), list(chef.rating_counts.items())
    second = f"{reverse('bookings:reviews', kwargs={'pk': chef.pk})}?page=2"
    return {
        "rating_rows": rows,
        "reviews": reviews,
        "menus": menus,
        "offered": (chef.pk, *(menu.on_page for menu in menus)),
        "more": second if chef.review_count > REVIEWS_A_PAGE else None,
        "said": (chef.pk, *rows, *(review.on_page for review in reviews)),
    }


@require_safe
@cached_reads("chefs:{pk}")
def list_reviews(request: HttpRequest, pk: int) -> HttpResponse:
    """All that guests say of a chef, the last one first."""
    chef = get_object_or_404(Chef.objects.active(), pk=pk)
    page = Page(request, chef.reviews.published().newest_first(), size=REVIEWS_A_PAGE)
    if page.is_beyond:
        raise Http404
    context = {"chef": chef, "page": page, "reviews": page.rows, "more": page.next}
    return render(request, "bookings/review_list.html", context)
