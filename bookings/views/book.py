"""Booking a chef: choose a time, see the exact price, ask for it."""

from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from bookings.forms import BookingForm, RepeatForm
from bookings.models import Booking, Chef, Menu, Price
from bookings.models.words import size_of
from bookings.services.calendar import schedule_of
from bookings.services.pricing import price_of
from bookings.services.requesting import BookingRequest, request_booking
from bookings.services.travelling import way_to
from bookings.views.timetable import instant_text, timetable_of, zone_name
from bookings.views.wording import terms_of
from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import kept_form, sign_in_required
from softfactory.kernel.problems import Conflict, DomainError

# Which field a refusal is about; the others are about the time.
FIELD_OF_REFUSAL = {
    "too_many_guests": "guests",
    "too_few_guests": "guests",
    "duration_not_offered": "duration_hours",
}
FIELD_OF_REFUSAL |= {"too_far_away": "address", "menu_not_found": "menu"}
# Buttons that book nothing yet: one shows times and price for what was chosen, the other the
# weeks around the date that is its value.
SHOW, LOOK = "show", "look"


@form_page
@sign_in_required
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """The form with free times and the price; sent, it books."""
    chef = get_object_or_404(Chef.objects.active().with_availability().with_policy(), pk=pk)
    now = clock.now()
    if request.method == "POST" and not request.POST.keys() & {SHOW, LOOK}:
        return _submitted(request, chef, now=now)
    typed = (request.POST or kept_form(request) or request.GET).dict()
    if LOOK in typed:
        typed["date"] = typed[LOOK]
    form = BookingForm(chef, typed, is_draft=True, menus=menus_of_chef(chef))
    form.is_valid()
    return book_page(request, chef, form, now=now)


def menus_of_chef(chef: Chef) -> list[Menu]:
    """Return what can be cooked at a visit, besides what one agrees on by the hour."""
    return list(Menu.objects.offered().of_chef(chef.pk).oldest_first())


def price_in(chef: Chef, form: BookingForm) -> Price:
    """Return what the visit that a form describes costs."""
    return price_of(chef=chef, hours=form.hours, guests=form.heads, menu=form.dish)


def _submitted(request: HttpRequest, chef: Chef, *, now: datetime) -> HttpResponse:
    form = BookingForm(chef, request.POST.dict(), menus=menus_of_chef(chef))
    if not form.is_valid():
        return book_page(request, chef, form, now=now, status=HTTPStatus.BAD_REQUEST)
    if _price_moved(chef, form):
        return book_page(request, chef, form, now=now, status=HTTPStatus.CONFLICT)
    wanted = wish_in(chef, form, hold=chef.policy_id is not None)
    try:
        booking = request_booking(customer=request.user, request=wanted, now=now)
    except DomainError as refusal:
        if earlier := _sent_before(request, wanted, refusal):
            return redirect("bookings:booking", pk=earlier.pk)
        form.add_error(FIELD_OF_REFUSAL.get(refusal.code, "starts_at"), refusal.message)
        return book_page(request, chef, form, now=now, status=refusal.status)
    if booking.policy_id:
        return redirect("bookings:pay", pk=booking.pk)
    messages.success(request, _welcome(booking))
    return redirect("bookings:booking", pk=booking.pk)


def wish_in(chef: Chef, form: BookingForm, *, hold: bool = False) -> BookingRequest:
    """Return what a valid form asks for."""
    return BookingRequest(
        chef_id=chef.pk,
        starts_at=form.cleaned_data["starts_at"],
        duration_hours=form.hours,
        menu_id=form.dish.pk if form.dish else None,
        guests=form.heads,
        special_requests=form.cleaned_data["special_requests"],
        address=form.cleaned_data["address"],
        place=form.place,
        hold=hold,
    )


def _price_moved(chef: Chef, form: BookingForm) -> bool:
    """Refuse a form that showed another price than the one that would be asked."""
    total = price_in(chef, form).total
    if form.cleaned_data["price_seen"] in (None, total.amount):
        return False
    message = _("This visit costs %(price)s. If that is fine, send it again.") % {"price": total}
    form.add_error(None, message)
    return True


def _sent_before(
    request: HttpRequest, wanted: BookingRequest, refusal: DomainError
) -> Booking | None:
    """The booking that the first of two equal forms made, if the time is taken by that one."""
    if not isinstance(refusal, Conflict):
        return None
    own = Booking.objects.of_customer(request.user).occupying()
    return own.filter(
        chef=wanted.chef_id,
        starts_at=wanted.starts_at,
        duration_hours=wanted.duration_hours,
        guests=wanted.guests,
        menu=wanted.menu_id,
        special_requests=wanted.special_requests,
    ).first()


def _welcome(booking: Booking) -> str:
    if booking.status == Booking.Status.CONFIRMED:
        return _("Booked. %(chef)s is coming.") % {"chef": booking.chef.name}
    return _("Sent to %(chef)s, who will answer soon.") % {"chef": booking.chef.name}


def book_page(
    request: HttpRequest, chef: Chef, form: BookingForm, *, now: datetime, status: int = 200
) -> HttpResponse:
    """The form, with the free times and the price of what it says by now."""
    address = form.cleaned_data.get("address", "")
    schedule, too_far = way_to(schedule_of(chef), form.place, address=address)
    timetable = timetable_of(chef, hours=form.hours, wanted=form.day, now=now, schedule=schedule)
    starts_at = form.cleaned_data.get("starts_at")
    if too_far:
        starts_at = None
    elif starts_at and not timetable.offers(starts_at):
        if form.is_of_chosen_day(starts_at):
            form.add_error("starts_at", _("This time is not free. Choose another one."))
        starts_at = None
    form.focus_first_error()
    price = price_in(chef, form)
    context = {
        "chef": chef,
        "form": form,
        "repeat": RepeatForm(form.data),
        "has_menus": len(form.fields["menu"].choices) > 1,
        "timetable": timetable,
        "days": timetable.day_options(),
        "times": [] if too_far else timetable.times(),
        "too_far": too_far,
        "starts_at": starts_at,
        "selected": instant_text(starts_at) if starts_at else "",
        "price": price,
        "upfront": chef.policy.upfront(price.total) if chef.policy else None,
        "terms": terms_of(chef.policy),
        "size": size_of(form.hours, form.heads),
        "zone_name": zone_name(chef.timezone),
    }
    return render(request, "bookings/booking_form.html", context, status=status)
