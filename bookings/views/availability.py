"""The availability editor: when a chef works, and beside it what customers will see of that."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from bookings.forms import AvailabilityForm, LookForm
from bookings.models import Booking, Chef
from bookings.models.places import place_in
from bookings.services.calendar import schedule_of
from bookings.services.chefs import replace_availability
from bookings.services.foreseeing import Outlook, stretches
from bookings.slots import Reason, Schedule, Slot
from bookings.views.reasons import reason_in_words
from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.problems import PreconditionFailed

DAYS = 14


class Line(NamedTuple):
    """Times of a day that are refused for one reason."""

    first: datetime
    last: datetime
    words: str


class Preview(NamedTuple):
    """What customers will see of a schedule."""

    days: list[tuple[date, list[Slot]]]
    day: date
    hours: int
    times: list[Slot]
    lines: list[Line]
    answer: str  # to what the owner asked, empty if nothing
    taken_by: Booking | None


@form_page
@sign_in_required
def edit_availability(request: HttpRequest, pk: int) -> HttpResponse:
    """When one's chef works; posting saves it, or with `look` shows what it would offer."""
    owned = Chef.objects.owned_by(request.user).with_availability()
    chef = get_object_or_404(owned, pk=pk)
    data = request.POST if request.method == "POST" else None
    schedule = schedule_of(chef)
    form = AvailabilityForm(
        schedule,
        data,
        version=chef.version,
        instant=chef.instant_booking,
        base=place_in(chef.location),
    )
    is_look = data is not None and "look" in data
    if data is not None and form.is_valid():
        schedule = form.schedule
        if not is_look and _save(request, chef, form):
            return redirect("bookings:availability", pk=pk)
    look = LookForm(data if data is not None else request.GET)
    context = {"chef": chef, "form": form, "look": look}
    context["preview"] = _preview(chef, schedule, look)
    is_wrong = data is not None and not is_look
    status = HTTPStatus.BAD_REQUEST if is_wrong else HTTPStatus.OK
    return render(request, "bookings/chef_availability.html", context, status=status)


def _save(request: HttpRequest, chef: Chef, form: AvailabilityForm) -> bool:
    cleaned = form.cleaned_data
    try:
        replace_availability(
            chef=chef,
            versions={cleaned["version"]},
            schedule=form.schedule,
            instant_booking=cleaned["instant"],
        )
    except PreconditionFailed as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Saved. Customers see it at once."))
    return True


def _preview(chef: Chef, schedule: Schedule, look: LookForm) -> Preview:
    look.is_valid()
    asked: dict[str, Any] = look.cleaned_data
    now = clock.now()
    today = now.astimezone(schedule.zone).date()
    hours = asked.get("look_hours") or min(schedule.durations, default=1)
    outlook = Outlook(chef, schedule, hours, now)
    day = _within(asked.get("look_day") or today, today, schedule)
    free = outlook.free(today if 0 <= (day - today).days < DAYS else day, DAYS)
    lines = [
        Line(begins, ends, reason_in_words(reason, schedule))
        for begins, ends, reason in stretches(outlook.refused(day))
    ]
    answer, taken_by = "", None
    if at := asked.get("look_at"):
        answer, taken_by = _answer(outlook, datetime.combine(day, at))
    return Preview(list(free.items()), day, hours, free[day], lines, answer, taken_by)


def _within(day: date, today: date, schedule: Schedule) -> date:
    """Keep what is looked at among dates that every calendar can say."""
    return day if abs((day - today).days) <= schedule.horizon_days + 366 else today


def _answer(outlook: Outlook, local: datetime) -> tuple[str, Booking | None]:
    reason = outlook.verdict(local)
    if reason is None:
        return _("It is offered."), None
    taken_by = outlook.in_the_way(local) if reason is Reason.TAKEN else None
    if reason is Reason.TAKEN and taken_by is None and (busy := outlook.busy_with(local)):
        return _("Your calendar “%(name)s” has something then.") % {"name": busy.name}, None
    return reason_in_words(reason, outlook.schedule, taken_by), taken_by
