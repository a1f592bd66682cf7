"""Paying for a booking; and for a chef's owner, the terms of that and what was earned."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.forms import TermsForm
from bookings.models import Booking, Chef
from bookings.services.chefs import replace_policy
from bookings.services.earning import payable, turns_of
from bookings.services.paying import amount_due, begin_payment, settle_payments_of
from bookings.views.bookings import booking_of
from bookings.views.progress import Progress
from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.problems import DomainError
from softfactory.payments.models import Card, Payment
from softfactory.payments.services.refusals import explain


@form_page
@sign_in_required
def pay(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked of one's card for a booking, by when, and on which terms; posting pays it."""
    booking = booking_of(request, pk)
    progress = Progress(booking, request.user, clock.now())
    if not progress.is_customer:
        raise Http404
    if not progress.can_pay:
        return redirect("bookings:booking", pk=pk)
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            begin_payment(booking=booking, by=request.user, now=clock.now())
        except DomainError as error:
            refusal = error
        else:
            return _paid(request, booking)
    context = {
        "progress": progress,
        "due": amount_due(booking=booking, now=clock.now()),
        "card": Card.objects.of(request.user).first(),
        "refusal": refusal,
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "bookings/booking_pay.html", context, status=status)


def _paid(request: HttpRequest, booking: Booking) -> HttpResponse:
    """Let the card pay, say what came of it, and lead to the booking, or to the bank."""
    payment = settle_payments_of(booking, now=clock.now())
    page = reverse("bookings:booking", args=[booking.pk])
    if payment is None or payment.state == Payment.State.FAILED:
        messages.error(request, explain(payment.failure if payment else ""))
        return redirect("bookings:pay", pk=booking.pk)
    if payment.challenge:
        return redirect(f"{payment.challenge}?{urlencode({REDIRECT_FIELD_NAME: page})}")
    if payment.state in (Payment.State.SUCCEEDED, Payment.State.AUTHORIZED):
        messages.success(request, _("Thank you. The booking is made."))
    else:
        messages.info(request, _("The payment is under way. This page will know in a minute."))
    return redirect(page)


@form_page
@sign_in_required
def edit_terms(request: HttpRequest, pk: int) -> HttpResponse:
    """How one's chef is paid, and what cancelling costs; posting sets it for bookings to come."""
    chef = _own_chef(request, pk)
    form = TermsForm(chef.policy, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        replace_policy(chef=chef, versions=None, terms=form.terms)
        messages.success(request, _("Saved, for bookings from now on."))
        return redirect("bookings:request_list")
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    context: dict[str, Any] = {"chef": chef, "form": form}
    return render(request, "bookings/chef_terms.html", context, status=status)


@require_safe
@sign_in_required
def show_earnings(request: HttpRequest, pk: int) -> HttpResponse:
    """What is due to one's chef, and how that came about."""
    chef = _own_chef(request, pk)
    context = {"chef": chef, "due": payable(chef), "turns": turns_of(chef)}
    return render(request, "bookings/chef_earnings.html", context)


def _own_chef(request: HttpRequest, pk: int) -> Chef:
    return get_object_or_404(Chef.objects.owned_by(request.user).with_policy(), pk=pk)
