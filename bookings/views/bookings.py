"""What a customer has booked: the list, one booking, and cancelling it."""

from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.models import Booking
from bookings.services.cancelling import preview_cancellation
from bookings.services.deciding import cancel_booking
from bookings.services.messaging import messages_of
from bookings.views.paging import Page
from bookings.views.progress import Progress
from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.money import EXPONENTS, Money
from softfactory.kernel.problems import DomainError

PAGE_SIZE = 20
MOST_DIGITS = 19  # of an amount


@require_safe
@sign_in_required
def list_bookings(request: HttpRequest) -> HttpResponse:
    """The user's own bookings: what comes, or with `?show=past` what was."""
    now = clock.now()
    is_past = request.GET.get("show") == "past"
    own = Booking.objects.of_customer(request.user).with_chef().with_series()
    if is_past:
        bookings = own.past(now=now).latest_first()
    else:
        bookings = own.upcoming(now=now).soonest_first()
    page = Page(request, bookings, size=PAGE_SIZE)
    if page.is_beyond:
        raise Http404
    rows = [Progress(booking, request.user, now) for booking in page.rows]
    context = {"rows": rows, "page": page, "is_past": is_past}
    return render(request, "bookings/booking_list.html", context)


@require_safe
@sign_in_required
def show_booking(request: HttpRequest, pk: int) -> HttpResponse:
    """One booking, for its customer and for the chef's owner."""
    return booking_page(request, pk)


@form_page
@sign_in_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether a booking is really to be cancelled; sent, it is."""
    booking, now = booking_of(request, pk), clock.now()
    if request.method != "POST":
        return _cancel_page(request, booking, now=now)
    try:
        cancel_booking(booking=booking, by=request.user, now=now, refund=refund_seen(request))
    except DomainError as refusal:
        if refusal.code == "refund_changed":
            return _cancel_page(request, booking, now=now, refusal=refusal)
        return booking_page(request, pk, refusal=refusal)
    messages.success(request, _("Cancelled. The time is free again."))
    return redirect("bookings:booking", pk=pk)


def _cancel_page(
    request: HttpRequest, booking: Booking, *, now: datetime, refusal: DomainError | None = None
) -> HttpResponse:
    progress = Progress(booking, request.user, now)
    cancellation = None
    if booking.policy_id and progress.can_cancel:
        cancellation = preview_cancellation(booking=booking, by=request.user, now=now)
    context = {"progress": progress, "cancellation": cancellation, "refusal": refusal}
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "bookings/booking_cancel.html", context, status=status)


def refund_seen(request: HttpRequest) -> Money | None:
    """Return what the page said would be given back."""
    amount, _space, currency = request.POST.get("refund_seen", "").partition(" ")
    is_money = amount.isdecimal() and len(amount) < MOST_DIGITS and currency in EXPONENTS
    return Money(int(amount), currency) if is_money else None


def booking_page(
    request: HttpRequest, pk: int, *, refusal: DomainError | None = None
) -> HttpResponse:
    """The page of a booking as it is now, with the refusal of what was just tried with it."""
    progress = Progress(reviewed_booking_of(request, pk), request.user, clock.now())
    said = messages_of(progress.booking)
    context = {"progress": progress, "refusal": refusal, "said": said}
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "bookings/booking_detail.html", context, status=status)


def booking_of(request: HttpRequest, pk: int) -> Booking:
    """Return a booking that the user may see; for others there is none."""
    return get_object_or_404(Booking.objects.visible_to(request.user).with_parties(), pk=pk)


def reviewed_booking_of(request: HttpRequest, pk: int) -> Booking:
    """Return the same with what both sides said of it."""
    rows = Booking.objects.visible_to(request.user).with_parties().with_reviews().with_series()
    return get_object_or_404(rows, pk=pk)
