"""Pieces of pages that follow every calendar, and so are loaded after the page."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bookings.models import Chef
from bookings.services.calendar import next_free
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
    chefs = list(Chef.objects.active().filter(pk__in=asked[:PAGE_SIZE]).with_availability())
    free = next_free(chefs=chefs, now=clock.now())
    times = [{"chef": chef, "slot": free[chef.pk]} for chef in chefs]
    return render(request, "bookings/next_free.html", {"times": times})


@require_safe
@cached_reads("chefs", "calendar", clocked=True)
def free_this_week(request: HttpRequest) -> HttpResponse:
    """The best rated chefs who have a free time within a week."""
    now = clock.now()
    chefs = list(Chef.objects.active().best_first().with_availability()[:ASKED])
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
