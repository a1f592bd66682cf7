"""A chef's dashboard: today, who waits for an answer, this week, what was earned, the rating."""

from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bookings.models import Booking, Chef
from bookings.querysets import BookingQuerySet
from bookings.services.earning import earned_since
from bookings.views.progress import Progress
from bookings.views.sharing import short_name
from softfactory.kernel import clock
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.problems import DomainError
from softfactory.kernel.zones import zone

DAYS = 7
MOST_WAITING = 20


class Day(NamedTuple):
    """A date of this week, with its visits."""

    date: date
    is_today: bool
    visits: list[Progress]


@require_safe
@sign_in_required
def show_dashboard(request: HttpRequest) -> HttpResponse:
    """The dashboard of one of the user's chefs: that of `?chef=`, or the first."""
    return dashboard_page(request, request.GET.get("chef", ""))


def dashboard_page(
    request: HttpRequest, wanted: str, *, refusal: DomainError | None = None
) -> HttpResponse:
    """The dashboard as it is now, with the refusal of what was just tried on it."""
    chefs = list(Chef.objects.owned_by(request.user).order_by("name", "pk"))
    if wanted and wanted not in {str(chef.pk) for chef in chefs}:
        raise Http404
    chef = next((chef for chef in chefs if str(chef.pk) == wanted), chefs[0] if chefs else None)
    context = {"chefs": chefs, "chef": chef, "refusal": refusal}
    if chef is not None:
        context |= _work_of(request, chef)
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "bookings/chef_dashboard.html", context, status=status)


def _work_of(request: HttpRequest, chef: Chef) -> dict[str, object]:
    now = clock.now()
    own = Booking.objects.of_chefs([chef.pk]).asked().with_parties().with_series()
    waiting = own.pending().upcoming(now=now).soonest_first()[:MOST_WAITING]
    today = now.astimezone(zone(chef.timezone)).date()
    week = _week(own, chef, today)
    days = [
        Day(day, day == today, [Progress(row, request.user, now) for row in rows])
        for day, rows in week.items()
    ]
    return {
        "waiting": [Progress(row, request.user, now) for row in waiting],
        "week": days,
        "today": next(day for day in days if day.is_today),
        "short_address": _short_address(request, chef),
        "earned": earned_since(chef, _midnight(today.replace(day=1), chef)),
    }


def _week(own: BookingQuerySet, chef: Chef, today: date) -> dict[date, list[Booking]]:
    """The visits of the week in which a date lies, from its Monday, by the chef's clock."""
    monday = today - timedelta(days=today.weekday())
    dates: dict[date, list[Booking]] = {monday + timedelta(days=n): [] for n in range(DAYS)}
    first, end = (_midnight(day, chef) for day in (monday, monday + timedelta(days=DAYS)))
    last = end - timedelta.resolution
    for booking in own.taking_place().starting(first=first, last=last).soonest_first():
        dates[booking.starts_at.astimezone(zone(chef.timezone)).date()].append(booking)
    return dates


def _midnight(day: date, chef: Chef) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone(chef.timezone))


def _short_address(request: HttpRequest, chef: Chef) -> str:
    return request.build_absolute_uri(reverse("short_address", args=[short_name(chef)]))
