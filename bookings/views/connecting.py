"""Calendars that bookings are written into: connecting one, trying it, and disconnecting it."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from bookings.forms import ConnectForm, DisconnectForm
from bookings.models import Chef, ConnectedCalendar
from bookings.services.connecting import (
    SeveralCalendars,
    check_calendar,
    connect_calendar,
    disconnect_calendar,
)
from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.problems import DomainError


@form_page
@sign_in_required
def connect(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask where a calendar is and what opens it; sent, it is looked for there and connected."""
    chef = get_object_or_404(Chef.objects.owned_by(request.user), pk=pk)
    form, status = ConnectForm(request.POST or None, initial=_known(request, chef)), HTTPStatus.OK
    if form.is_bound and form.is_valid():
        try:
            connection = _connect(chef, form)
        except SeveralCalendars as refusal:
            form.offer(refusal.found)
            status = HTTPStatus(refusal.status)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            status = HTTPStatus(refusal.status)
        else:
            said = _("“%(name)s” is connected. It is read and written within a minute.")
            messages.success(request, said % {"name": connection.calendar.name})
            return redirect("bookings:calendars", pk=pk)
    elif request.method == "POST":
        status = HTTPStatus.BAD_REQUEST
    context = {"chef": chef, "form": form}
    return render(request, "bookings/calendar_connect.html", context, status=status)


@form_page
@sign_in_required
def try_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a calendar's server for it now, and say what it says."""
    connection = _own(request, pk)
    if request.method == "POST":
        try:
            check_calendar(connection)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            said = _("%(host)s answers, and opens the calendar.")
            messages.success(request, said % {"host": connection.calendar.host})
    return redirect("bookings:calendars", pk=connection.calendar.chef_id)


@form_page
@sign_in_required
def disconnect(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what is to become of the bookings' events; sent, the calendar is disconnected."""
    connection = _own(request, pk)
    form = DisconnectForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        removes = form.cleaned_data["events"] == "remove"
        disconnect_calendar(connection=connection, removes_events=removes, now=clock.now())
        messages.success(request, _("Disconnected. What it took is free."))
        return redirect("bookings:calendars", pk=connection.calendar.chef_id)
    context = {"calendar": connection.calendar, "form": form}
    status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
    return render(request, "bookings/calendar_disconnect.html", context, status=status)


def _own(request: HttpRequest, pk: int) -> ConnectedCalendar:
    rows = ConnectedCalendar.objects.owned_by(request.user).with_calendar()
    return get_object_or_404(rows, pk=pk)


def _connect(chef: Chef, form: ConnectForm) -> ConnectedCalendar:
    return connect_calendar(chef=chef, now=clock.now(), **form.cleaned_data)


def _known(request: HttpRequest, chef: Chef) -> dict[str, str]:
    """Return what is known of the calendar that is to be connected again, but for its password."""
    again = request.GET.get("again", "")
    if not (again.isascii() and again.isdecimal() and len(again) < 19):
        return {}
    rows = ConnectedCalendar.objects.filter(calendar__chef=chef).with_calendar()
    connection = rows.filter(pk=again).first()
    if connection is None:
        return {}
    calendar = connection.calendar
    username = connection.access["username"]
    return {"name": calendar.name, "url": calendar.url, "username": username}
