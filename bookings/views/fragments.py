"""Pieces of pages that follow every calendar, and so are loaded after the page."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings.models import Chef
from bookings.services.calendar import next_free
from bookings.services.offers import offers_of
from bookings.views.explore import PAGE_SIZE
from softfactory.kernel import clock
from softfactory.kernel.http import cached_reads

WEEK = timedelta(days=7)
# So many of the best rated are asked, and so many of those who are free are shown.
ASKED, SHOWN = 24, 8


@require_safe
@cached_reads("chefs", "calendar", clocked=True)
def next_free_times(request: HttpRequest) -> HttpResponse:
    """The next free time of each chef in `ids`, to be put into their cards."""
    asked = [int(pk) for pk in request.GET.get("ids", "").split(",") if _is_id(pk)]
    chefs = [offer.chef for offer in offers_of(asked[:PAGE_SIZE]).values()]
    free = next_free(chefs=chefs, now=clock.now())
    times = [{"chef": chef.card, "slot": free[chef.pk]} for chef in chefs]
    return render(request, "bookings/next_free.html", {"times": times})


@require_safe
@cached_reads("chefs", "calendar", clocked=True)
def free_this_week(request: HttpRequest) -> HttpResponse:
    """The best rated chefs who have a free time within a week."""
    now = clock.now()
    best = list(Chef.objects.active().best_first().values_list("pk", flat=True)[:ASKED])
    offers = offers_of(best)
    chefs = [offers[pk].chef for pk in best if pk in offers]
    free = next_free(chefs=chefs, now=now)
    soon = []
    for chef in chefs:
        slot = free[chef.pk]
        if slot and slot.starts_at < now + WEEK:
            soon.append({"chef": chef.card, "slot": slot})
        elif slot:
            clock.note_change(slot.starts_at - WEEK + timedelta.resolution)
    return render(request, "bookings/free_this_week.html", {"cards": soon[:SHOWN]})


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
