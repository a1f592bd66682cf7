"""Repeating a visit: all of its times are shown first, with what is in the way, then booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.forms import BookingForm, RepeatForm
from bookings.models import Booking, Chef
from bookings.models.words import size_of
from bookings.services.paying import conclude
from bookings.services.refusals import refusal_of
from bookings.services.repeating import (
    FEWEST,
    Occurrence,
    booked_before,
    occurrences,
    repeat_booking,
)
from bookings.views.book import FIELD_OF_REFUSAL, book_page, menus_of_chef, price_in, wish_in
from bookings.views.timetable import instant_text, zone_name
from bookings.views.wording import terms_of
from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import kept_form, sign_in_required
from softfactory.kernel.money import Money
from softfactory.kernel.problems import Conflict, DomainError
from softfactory.kernel.zones import zone


@dataclass(frozen=True)
class Wish:
    """A visit that is to repeat, as its valid forms describe it."""

    chef: Chef
    form: BookingForm
    again: RepeatForm
    now: datetime

    def times(self) -> list[Occurrence]:
        """Return each of its times, and why it can't be had. One query."""
        request = wish_in(self.chef, self.form)
        return occurrences(request=request, repeat=self.again.repeat, now=self.now)

    def total(self, count: int) -> Money:
        """Return what so many of the visits cost."""
        return price_in(self.chef, self.form).total * count


@form_page
@sign_in_required
def repeat(request: HttpRequest, pk: int) -> HttpResponse:
    """All times of a visit that repeats, with what is in the way; those agreed to are booked."""
    chef = get_object_or_404(Chef.objects.active().with_availability().with_policy(), pk=pk)
    typed = (request.POST or kept_form(request) or request.GET).dict()
    form, again = BookingForm(chef, typed, menus=menus_of_chef(chef)), RepeatForm(typed)
    wish = Wish(chef, form, again, clock.now())
    if not (form.is_valid() and again.is_valid()):
        return _form_again(request, wish)
    if request.method == "POST" and again.cleaned_data["agreed"]:
        return _submitted(request, wish)
    return _shown(request, wish)


def _form_again(request: HttpRequest, wish: Wish) -> HttpResponse:
    """The form on which something is wrong; where nothing was sent, at its own address."""
    if request.method == "POST":
        return book_page(request, wish.chef, wish.form, now=wish.now, status=400)
    return HttpResponseRedirect(f"{_address(wish.chef)}?{request.GET.urlencode()}")


def _address(chef: Chef) -> str:
    return reverse("bookings:book", kwargs={"pk": chef.pk})


def _submitted(request: HttpRequest, wish: Wish) -> HttpResponse:
    wanted, agreed = wish_in(wish.chef, wish.form), wish.again.cleaned_data["agreed"]
    total = wish.total(len(set(agreed)))
    if wish.again.cleaned_data["total_seen"] != total.amount:
        message = _("These visits cost %(price)s. If that is fine, send it again.")
        return _shown(request, wish, Conflict("price_changed", message % {"price": total}))
    try:
        bookings = repeat_booking(
            customer=request.user,
            request=wanted,
            repeat=wish.again.repeat,
            agreed=agreed,
            now=wish.now,
        )
        conclude(bookings, now=clock.now())
    except DomainError as refusal:
        earlier = None
        if isinstance(refusal, Conflict):
            earlier = booked_before(customer=request.user, request=wanted, agreed=agreed)
        if earlier:
            return redirect("bookings:series", pk=earlier.part.series_id)
        return _shown(request, wish, refusal)
    messages.success(request, _said(bookings))
    return redirect("bookings:series", pk=bookings[0].part.series_id)


def _said(bookings: Sequence[Booking]) -> str:
    text = ngettext("%(n)s visit is asked for.", "%(n)s visits are asked for.", len(bookings))
    if bookings[0].chef.instant_booking:
        text = ngettext("%(n)s visit is booked.", "%(n)s visits are booked.", len(bookings))
    return text % {"n": len(bookings)}


def _shown(request: HttpRequest, wish: Wish, refusal: DomainError | None = None) -> HttpResponse:
    chef, form = wish.chef, wish.form
    try:
        times = wish.times()
    except DomainError as error:
        form.add_error(FIELD_OF_REFUSAL.get(error.code, "starts_at"), error.message)
        return book_page(request, chef, form, now=wish.now, status=error.status)
    free = [row for row in times if row.reason is None]
    price, count = price_in(chef, form), len(free)
    total = wish.total(count)
    context = {
        "chef": chef,
        "rows": [(row, refusal_of(row.reason).message if row.reason else "") for row in times],
        "free": count,
        "clashing": len(times) - count,
        "can_book": count >= FEWEST,
        "agreed": ",".join(instant_text(row.starts_at) for row in free),
        "typed": _typed(form, wish.again),
        "price": price,
        "total": total,
        "upfront": chef.policy.upfront(price.total) * count if chef.policy else None,
        "terms": terms_of(chef.policy),
        "size": size_of(form.hours, form.heads),
        "dish": form.dish,
        "at": times[0].local,
        "clocks_change": _clocks_change(chef, times),
        "zone_name": zone_name(chef.timezone),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "bookings/series_form.html", context, status=status)


def _clocks_change(chef: Chef, times: Sequence[Occurrence]) -> bool:
    """Tell whether the chef's clock is put forward or back between the first and the last."""
    place = zone(chef.timezone)
    return len({row.local.replace(tzinfo=place).utcoffset() for row in times}) > 1


def _typed(form: BookingForm, again: RepeatForm) -> list[tuple[str, str]]:
    """What was typed, to be sent again from the page that shows the times."""
    names = [*form.fields, "every_weeks", "times"]
    data = {**form.data, **again.data}
    return [(name, data[name]) for name in names if data.get(name)]
