"""Pages about paying: one's cards, and what banks ask."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.problems import DomainError
from softfactory.payments.forms import PrepareForm, SandboxCardForm, StripeCardForm
from softfactory.payments.gateways import NoGateway, name_of_gateway
from softfactory.payments.models import Card, Payment
from softfactory.payments.services import challenges
from softfactory.payments.services.cards import add_card, prepare_card, remove_card
from softfactory.payments.stripe_js import page_context, with_stripe_js


@form_page
@sign_in_required
@with_stripe_js
def show_cards(request: HttpRequest) -> HttpResponse:
    """One's cards, the one that pays first; posting adds one, and leads back to what it is for."""
    refusal: DomainError | None = None
    form: forms.Form | None = None
    context: dict[str, Any] = {}
    try:
        is_stripe = name_of_gateway() == "stripe"
        form = (StripeCardForm if is_stripe else SandboxCardForm)(request.POST or None)
        context = page_context() if is_stripe else {"form": form}
        if request.method == "POST" and form.is_valid():
            add_card(user=request.user, token=form.cleaned_data["token"], now=clock.now())
            messages.success(request, _("The card is added. It pays from now on."))
            return redirect(_way_back(request))
    except DomainError as error:
        refusal = error
        if isinstance(error, NoGateway):
            context = {}
    context |= {"cards": Card.objects.of(request.user), "refusal": refusal}
    status = refusal.status if refusal and request.method == "POST" else HTTPStatus.OK
    return render(request, "payments/card_list.html", context, status=status)


@require_POST
@sign_in_required
def prepare(request: HttpRequest) -> HttpResponse:
    """Let one's browser give Stripe a card: the secret that it needs, as JSON."""
    form = PrepareForm(request.POST)
    if name_of_gateway() != "stripe" or not form.is_valid():
        raise Http404
    try:
        secret = prepare_card(user=request.user, attempt=form.cleaned_data["attempt"])
    except DomainError as error:
        return JsonResponse({"refusal": error.message}, status=error.status)
    return JsonResponse({"client_secret": secret})


@form_page
@sign_in_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before a card is removed; posting removes it."""
    card = get_object_or_404(Card.objects.of(request.user), pk=pk)
    if request.method == "POST":
        remove_card(card=card, now=clock.now())
        messages.success(request, _("The card is removed. Nothing is charged to it any more."))
        return redirect("payments:cards")
    return render(request, "payments/card_remove.html", {"card": card})


@form_page
@sign_in_required
@with_stripe_js
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """What a bank wants to be told, by Stripe; posting asks what it was told."""
    payment = Payment.objects.waiting_at_stripe(request.user, pk)
    if payment is None:
        raise Http404
    if request.method == "POST":
        return _told(request, challenges.hear_of(payment=payment, now=clock.now()))
    context = page_context() | {"payment": payment, "secret": payment.action["client_secret"]}
    return render(request, "payments/payment_confirm.html", context)


@form_page
@sign_in_required
def challenge(request: HttpRequest, pk: int) -> HttpResponse:
    """What a bank would ask the holder of a card: whether this payment is theirs."""
    payment = Payment.objects.waiting_at_sandbox(request.user, pk)
    if payment is None:
        raise Http404
    if request.method == "POST":
        is_allowed = "allow" in request.POST
        paid = challenges.answer(payment=payment, is_allowed=is_allowed, now=clock.now())
        return _told(request, paid)
    return render(request, "payments/sandbox_challenge.html", {"payment": payment})


def _told(request: HttpRequest, payment: Payment) -> HttpResponse:
    """Say what the bank was told, and lead to where the customer came from."""
    if payment.state in (Payment.State.SUCCEEDED, Payment.State.AUTHORIZED):
        messages.success(request, _("Your bank has allowed the payment."))
    elif payment.is_at_rest:
        messages.error(request, _("The payment was not allowed. Nothing was charged."))
    else:
        messages.info(request, _("Your bank has not decided yet."))
    return redirect(_way_back(request))


def _way_back(request: HttpRequest) -> str:
    """Return where the customer came from, if that is a page of this site."""
    path = request.GET.get(REDIRECT_FIELD_NAME, "")
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else reverse("payments:cards")
