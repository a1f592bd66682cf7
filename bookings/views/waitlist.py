"""Standing in line for a day that is full: joining, one's places, and leaving."""

from http import HTTPStatus

from babel.dates import format_skeleton
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.forms import WaitForm
from bookings.models import Chef, WaitlistEntry
from bookings.models.words import size_of
from bookings.services.calendar import local_today
from bookings.services.waitlist import OFFER, Wish, join_waitlist, leave_waitlist
from bookings.views.paging import Page
from softfactory.kernel import clock
from softfactory.kernel.components.content import Tone
from softfactory.kernel.components.times import date_locale
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import kept_form, sign_in_required
from softfactory.kernel.problems import DomainError

PAGE_SIZE = 20
HOURS_HELD = OFFER.seconds // 3600

Status = WaitlistEntry.Status

TONES: dict[str, Tone] = {
    Status.WAITING: "waiting",
    Status.OFFERED: "positive",
    Status.TAKEN: "done",
    Status.PASSED: "neutral",
    Status.LEFT: "neutral",
    Status.OVER: "neutral",
}
# Which field a refusal is about; the others are about the day.
FIELD_OF_REFUSAL = {"too_many_guests": "guests", "duration_not_offered": "duration_hours"}


@form_page
@sign_in_required
def wait(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to be told when a place opens on a day of a chef; sent, one stands in line."""
    chef, now = get_object_or_404(Chef.objects.active(), pk=pk), clock.now()
    today = local_today(chef, now=now)
    if request.method != "POST":
        typed = (kept_form(request) or request.GET).dict()
        return _form(request, chef, WaitForm(chef, typed, today=today))
    form = WaitForm(chef, request.POST.dict(), today=today)
    if not form.is_valid():
        return _form(request, chef, form, status=HTTPStatus.BAD_REQUEST)
    wish = Wish(
        chef_id=chef.pk,
        date=form.cleaned_data["date"],
        duration_hours=form.hours,
        guests=form.heads,
    )
    try:
        join_waitlist(customer=request.user, wish=wish, now=now)
    except DomainError as refusal:
        form.add_error(FIELD_OF_REFUSAL.get(refusal.code, "date"), refusal.message)
        return _form(request, chef, form, status=refusal.status)
    messages.success(request, _("You stand in line. We write when a place opens."))
    return redirect("bookings:waitlist")


def _form(request: HttpRequest, chef: Chef, form: WaitForm, *, status: int = 200) -> HttpResponse:
    context = {"chef": chef, "form": form, "hours": HOURS_HELD}
    return render(request, "bookings/wait_form.html", context, status=status)


@require_safe
@sign_in_required
def list_waits(request: HttpRequest) -> HttpResponse:
    """The user's places in lines, the last one first."""
    own = WaitlistEntry.objects.of_customer(request.user).with_chef().with_place()
    page = Page(request, own.newest_first(), size=PAGE_SIZE)
    rows = [
        {
            "entry": entry,
            "tone": TONES[entry.status],
            "day": format_skeleton("yMMMMEEEEd", entry.date, locale=date_locale()),
            "size": size_of(entry.duration_hours, entry.guests),
            "is_waiting": entry.status == Status.WAITING,
            "is_offered": entry.status == Status.OFFERED,
        }
        for entry in page.rows
    ]
    context = {"rows": rows, "page": page, "hours": HOURS_HELD}
    return render(request, "bookings/wait_list.html", context)


@form_page
@sign_in_required
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Stand in line no more."""
    entry = get_object_or_404(WaitlistEntry.objects.of_customer(request.user), pk=pk)
    if request.method == "POST":
        try:
            leave_waitlist(entry=entry, now=clock.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("You have left the line."))
    return redirect("bookings:waitlist")
