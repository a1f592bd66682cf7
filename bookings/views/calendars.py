"""Calendars elsewhere: which ones block a chef's time, how reading them went, and removing one."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from bookings.forms import BusyCalendarForm
from bookings.models import BusyCalendar, Chef
from bookings.services.busy import read_soon, subscribe, unsubscribe
from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.problems import DomainError


@form_page
@sign_in_required
def list_calendars(request: HttpRequest, pk: int) -> HttpResponse:
    """The calendars that block one's chef's time; posting adds one."""
    chef = get_object_or_404(Chef.objects.owned_by(request.user), pk=pk)
    form = BusyCalendarForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            subscribe(chef=chef, now=clock.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("url", refusal.message)
            status = HTTPStatus(refusal.status)
        else:
            messages.success(request, _("Added. It is read within a minute."))
            return redirect("bookings:calendars", pk=pk)
    elif form.errors:
        status = HTTPStatus.BAD_REQUEST
    calendars = BusyCalendar.objects.filter(chef=chef).with_chef().order_by("pk")
    context = {"chef": chef, "form": form, "calendars": calendars}
    return render(request, "bookings/calendar_list.html", context, status=status)


@form_page
@sign_in_required
def remove_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop reading a calendar; what it took is free. A connected one asks first."""
    calendars = BusyCalendar.objects.owned_by(request.user).with_chef()
    calendar = get_object_or_404(calendars, pk=pk)
    if calendar.connected:
        return redirect("bookings:calendar_disconnect", pk=pk)
    if request.method == "POST":
        unsubscribe(calendar=calendar, now=clock.now())
        messages.success(request, _("Removed. What it took is free."))
    return redirect("bookings:calendars", pk=calendar.chef_id)


@form_page
@sign_in_required
def read_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a calendar be read again, soon; and written, if bookings are written into it."""
    calendars = BusyCalendar.objects.owned_by(request.user).with_chef()
    calendar = get_object_or_404(calendars, pk=pk)
    if request.method == "POST":
        read_soon(calendar=calendar, now=clock.now())
        messages.success(request, _("It is read again within a minute."))
    return redirect("bookings:calendars", pk=calendar.chef_id)
