"""Moving a booking: choose another time, see what that changes, and it is moved."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from bookings.forms import MoveForm
from bookings.models import Booking, Chef
from bookings.services.calendar import schedule_of
from bookings.services.pricing import lasting
from bookings.services.rescheduling import NewTime, reschedule_booking
from bookings.services.travelling import reachable
from bookings.views.book import FIELD_OF_REFUSAL, LOOK, SHOW
from bookings.views.bookings import booking_of, booking_page
from bookings.views.progress import Progress
from bookings.views.timetable import instant_text, timetable_of, zone_name
from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import kept_form, sign_in_required
from softfactory.kernel.problems import DomainError


@form_page
@sign_in_required
def reschedule(request: HttpRequest, pk: int) -> HttpResponse:
    """The free times for a booking that is to be moved; sent, it is."""
    booking, now = booking_of(request, pk), clock.now()
    progress = Progress(booking, request.user, now)
    if not progress.can_move:
        return redirect("bookings:booking", pk=pk)
    chef = get_object_or_404(Chef.objects.active().with_availability(), pk=booking.chef_id)
    if request.method == "POST" and not request.POST.keys() & {SHOW, LOOK}:
        return _submitted(request, progress, chef, now=now)
    typed = (request.POST or kept_form(request) or request.GET).dict()
    if LOOK in typed:
        typed["date"] = typed[LOOK]
    form = MoveForm(booking, chef, typed, is_draft=True)
    form.is_valid()
    return _shown(request, progress, chef, form, now=now)


def _submitted(
    request: HttpRequest, progress: Progress, chef: Chef, *, now: datetime
) -> HttpResponse:
    booking = progress.booking
    form = MoveForm(booking, chef, request.POST.dict())
    if not form.is_valid():
        return _shown(request, progress, chef, form, now=now, status=400)
    to = NewTime(form.cleaned_data["starts_at"], form.hours)
    try:
        moved = reschedule_booking(booking=booking, by=request.user, to=to, now=now)
    except DomainError as refusal:
        if refusal.code == "wrong_state":
            return booking_page(request, booking.pk, refusal=refusal)
        form.add_error(FIELD_OF_REFUSAL.get(refusal.code, "starts_at"), refusal.message)
        return _shown(request, progress, chef, form, now=now, status=refusal.status)
    messages.success(request, _said(moved))
    return redirect("bookings:booking", pk=booking.pk)


def _said(moved: Booking) -> str:
    if moved.status == Booking.Status.PENDING:
        chef = {"chef": moved.chef.name}
        return _("Moved. %(chef)s has the new time, and accepts or declines it.") % chef
    return _("Moved. The time before is free again.")


def _shown(
    request: HttpRequest,
    progress: Progress,
    chef: Chef,
    form: MoveForm,
    *,
    now: datetime,
    status: int = 200,
) -> HttpResponse:
    booking = progress.booking
    schedule = reachable(schedule_of(chef), booking.place, booking.address)
    timetable = timetable_of(
        chef,
        hours=form.hours,
        wanted=form.day,
        now=now,
        besides=booking.ticks,
        schedule=schedule,
    )
    starts_at = form.cleaned_data.get("starts_at")
    if starts_at and not timetable.offers(starts_at):
        if form.is_of_chosen_day(starts_at):
            form.add_error("starts_at", _("This time is not free. Choose another one."))
        starts_at = None
    form.focus_first_error()
    price = lasting(booking, form.hours)
    context = {
        "progress": progress,
        "chef": chef,
        "form": form,
        "timetable": timetable,
        "days": timetable.day_options(),
        "times": timetable.times(),
        "starts_at": starts_at,
        "selected": instant_text(starts_at) if starts_at else "",
        "price": price,
        "is_asked_anew": progress.is_customer and not chef.instant_booking,
        "zone_name": zone_name(chef.timezone),
    }
    return render(request, "bookings/booking_move.html", context, status=status)
