"""The page of a series, and what is decided about all of its visits that are open."""

from collections.abc import Sequence
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from bookings.models import Booking, Series
from bookings.services.cancelling import Cancellation
from bookings.services.series import (
    cancel_series,
    cancellable,
    confirm_series,
    decline_series,
    together,
    visits_of,
    waiting,
)
from bookings.views.bookings import refund_seen
from bookings.views.progress import Progress
from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.problems import DomainError, Forbidden


@require_safe
@sign_in_required
def show_series(request: HttpRequest, pk: int) -> HttpResponse:
    """All visits of a series, for its customer and for the chef's owner."""
    return _page(request, _series_of(request, pk))


@form_page
@sign_in_required
def confirm_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept all visits that wait, as the chef's owner."""
    series = _series_of(request, pk)
    if request.method != "POST":  # back from signing in: to be looked at and pressed again
        return redirect("bookings:series", pk)
    try:
        rows = confirm_series(series=series, by=request.user, now=clock.now())
    except Forbidden:
        raise Http404 from None
    except DomainError as refusal:
        return _page(request, series, refusal=refusal)
    text = ngettext("%(n)s visit accepted.", "%(n)s visits accepted.", len(rows))
    messages.success(request, text % {"n": len(rows)})
    return redirect("bookings:series", pk)


@form_page
@sign_in_required
def decline_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether all visits that wait are really to be declined; sent, they are."""
    series = _series_of(request, pk)
    if series.chef.owner_id != request.user.pk:
        raise Http404
    if request.method != "POST":
        rows = waiting(visits_of(series), now=clock.now())
        return _ending(request, series, rows, is_declined=True)
    try:
        rows = decline_series(series=series, by=request.user, now=clock.now())
    except DomainError as refusal:
        return _page(request, series, refusal=refusal)
    text = ngettext("%(n)s visit declined.", "%(n)s visits declined.", len(rows))
    messages.success(request, text % {"n": len(rows)})
    return redirect("bookings:series", pk)


@form_page
@sign_in_required
def cancel_rest(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether what is left of a series is to be cancelled, and say what is given back then;
    sent, it is. `?start=3` leaves the visits before the third one alone.
    """
    series, now, start = _series_of(request, pk), clock.now(), _start(request)
    if request.method != "POST":
        rows = cancellable(visits_of(series), now=now, start=start)
        return _ending(request, series, rows, start=start)
    seen = refund_seen(request)
    try:
        rows = cancel_series(series=series, by=request.user, now=now, start=start, refund=seen)
    except DomainError as refusal:
        if refusal.code == "refund_changed":
            rows = cancellable(visits_of(series), now=now, start=start)
            return _ending(request, series, rows, start=start, refusal=refusal)
        return _page(request, series, refusal=refusal)
    text = ngettext("%(n)s visit cancelled.", "%(n)s visits cancelled.", len(rows))
    messages.success(request, text % {"n": len(rows)})
    return redirect("bookings:series", pk)


def _series_of(request: HttpRequest, pk: int) -> Series:
    """Return a series that the user may see; for others there is none."""
    return get_object_or_404(Series.objects.visible_to(request.user).with_parties(), pk=pk)


def _start(request: HttpRequest) -> int:
    asked = (request.POST or request.GET).get("start", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else 1


def _page(
    request: HttpRequest, series: Series, *, refusal: DomainError | None = None
) -> HttpResponse:
    now, visits = clock.now(), visits_of(series)
    is_owner = series.chef.owner_id == request.user.pk
    context = {
        "series": series,
        "rows": [Progress(booking, request.user, now) for booking in visits],
        "is_customer": series.customer_id == request.user.pk,
        "waiting": len(waiting(visits, now=now)) if is_owner else 0,
        "left": len(cancellable(visits, now=now)),
        "refusal": refusal,
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "bookings/series_detail.html", context, status=status)


def _ending(
    request: HttpRequest,
    series: Series,
    rows: Sequence[Booking],
    *,
    start: int = 1,
    is_declined: bool = False,
    refusal: DomainError | None = None,
) -> HttpResponse:
    """The page that asks whether these visits are to be called off."""
    now = clock.now()
    money: Cancellation | None = None
    if not is_declined and any(booking.policy_id for booking in rows):
        money = together(rows, by=request.user, now=now)
    context = {
        "series": series,
        "rows": [Progress(booking, request.user, now) for booking in rows],
        "cancellation": money,
        "start": start,
        "is_declined": is_declined,
        "refusal": refusal,
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "bookings/series_end.html", context, status=status)
