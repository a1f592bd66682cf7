"""What a chef's owner does: answer requests, and see who comes next."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.models import Booking, Chef
from bookings.services import deciding
from bookings.views.bookings import booking_of, booking_page
from bookings.views.dashboard import dashboard_page
from bookings.views.paging import Page
from bookings.views.progress import Progress
from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.problems import DomainError, Forbidden

PAGE_SIZE = 50


@require_safe
@sign_in_required
def list_requests(request: HttpRequest) -> HttpResponse:
    """Requests that wait for an answer, then what is coming, for each chef of the user."""
    return _listed(request)


def _listed(request: HttpRequest, *, refusal: DomainError | None = None) -> HttpResponse:
    now = clock.now()
    own = Booking.objects.of_owner(request.user).upcoming(now=now).asked()
    bookings = own.with_parties().with_series().waiting_first()
    page = Page(request, bookings, size=PAGE_SIZE)
    rows = [Progress(booking, request.user, now) for booking in page.rows]
    chefs = list(Chef.objects.owned_by(request.user).order_by("name", "pk"))
    context = {
        "chefs": [_work_of(chef, rows) for chef in chefs],
        "page": page,
        "waiting": sum(row.can_decide for row in rows),
        "refusal": refusal,
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "bookings/request_list.html", context, status=status)


def _work_of(chef: Chef, rows: list[Progress]) -> dict[str, object]:
    own = [row for row in rows if row.booking.chef_id == chef.pk]
    return {
        "chef": chef,
        "waiting": [row for row in own if row.can_decide],
        "coming": [row for row in own if not row.can_decide],
    }


@form_page
@sign_in_required
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a request as the chef's owner, or take up one's own hold as its customer."""
    return _decided(request, pk, deciding.confirm_booking, _("Accepted. The customer can see it."))


@form_page
@sign_in_required
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether a request is really to be declined; sent, it is."""
    if request.method == "POST":
        return _decided(request, pk, deciding.decline_booking, _("Declined. The time is free."))
    progress = Progress(booking_of(request, pk), request.user, clock.now())
    if not progress.is_owner:
        raise Http404
    return render(request, "bookings/booking_decline.html", {"progress": progress})


@form_page
@sign_in_required
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a visit as done, as the chef's owner."""
    return _decided(request, pk, deciding.complete_booking, _("Done. Well cooked."))


@form_page
@sign_in_required
def no_show(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that nobody was there, as the chef's owner."""
    return _decided(request, pk, deciding.mark_no_show, _("Noted. The guest is told."))


def _decided(
    request: HttpRequest, pk: int, decide: Callable[..., Booking], word: str
) -> HttpResponse:
    booking = booking_of(request, pk)
    if request.method != "POST":  # back from signing in: to be looked at and pressed again
        return redirect("bookings:booking", pk)
    is_owner = booking.chef.owner_id == request.user.pk
    try:
        decide(booking=booking, by=request.user, now=clock.now())
    except Forbidden:
        raise Http404 from None
    except DomainError as refusal:
        if is_owner and _is_from_dashboard(request):
            return dashboard_page(request, str(booking.chef_id), refusal=refusal)
        if is_owner:
            return _listed(request, refusal=refusal)
        return booking_page(request, pk, refusal=refusal)
    messages.success(request, word)
    if is_owner and _is_from_dashboard(request):
        return redirect(f"{reverse('bookings:dashboard')}?chef={booking.chef_id}")
    return redirect("bookings:request_list") if is_owner else redirect("bookings:booking", pk)


def _is_from_dashboard(request: HttpRequest) -> bool:
    return request.POST.get("from") == "dashboard"
