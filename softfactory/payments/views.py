"""Pages about paying: one's cards, and what the sandbox's bank asks."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from softfactory.kernel import clock
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.problems import DomainError
from softfactory.payments.forms import SandboxCardForm
from softfactory.payments.gateways import name_of_gateway
from softfactory.payments.models import Card, Payment
from softfactory.payments.services import challenges
from softfactory.payments.services.cards import add_card, remove_card

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
@sign_in_required
def show_cards(request: HttpRequest) -> HttpResponse:
    """One's cards, the one that pays first; posting adds one, and leads back to what it is for."""
    refusal: DomainError | None = None
    form = SandboxCardForm(request.POST or None)
    try:
        gateway = name_of_gateway()
        if request.method == "POST" and gateway == "sandbox" and form.is_valid():
            add_card(user=request.user, token=form.cleaned_data["token"], now=clock.now())
            messages.success(request, _("The card is added. It pays from now on."))
            return redirect(_way_back(request))
    except DomainError as error:
        gateway, refusal = "", error
    context = {
        "cards": Card.objects.of(request.user),
        "form": form if gateway == "sandbox" else None,
        "refusal": refusal,
    }
    status = refusal.status if refusal and request.method == "POST" else HTTPStatus.OK
    return render(request, "payments/card_list.html", context, status=status)


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
def challenge(request: HttpRequest, pk: int) -> HttpResponse:
    """What a bank would ask the holder of a card: whether this payment is theirs."""
    payment = Payment.objects.waiting_at_sandbox(request.user, pk)
    if payment is None:
        raise Http404
    if request.method == "POST":
        is_allowed = "allow" in request.POST
        paid = challenges.answer(payment=payment, is_allowed=is_allowed, now=clock.now())
        if paid.state in (Payment.State.SUCCEEDED, Payment.State.AUTHORIZED):
            messages.success(request, _("Your bank has allowed the payment."))
        else:
            messages.error(request, _("The payment was not allowed. Nothing was charged."))
        return redirect(_way_back(request))
    return render(request, "payments/sandbox_challenge.html", {"payment": payment})


def _way_back(request: HttpRequest) -> str:
    """Return where the customer came from, if that is a page of this site."""
    path = request.GET.get(REDIRECT_FIELD_NAME, "")
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else reverse("payments:cards")
