"""One's own subscriptions: begun, seen, and what was invoiced for them."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from softfactory.kernel import clock
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.money import Money
from softfactory.kernel.problems import DomainError
from softfactory.payments.models import Card, Payment
from softfactory.payments.services.refusals import explain
from subscriptions.models import Invoice, Plan, Subscription
from subscriptions.services.paying import last_payment_of, settle_payments_of
from subscriptions.services.terms import next_period, redemption_of
from subscriptions.views.coupons import words_for_redemption
from subscriptions.views.entitlements import shown_entitlements

MOST_INVOICES = 50


@require_safe
@sign_in_required
def list_subscriptions(request: HttpRequest) -> HttpResponse:
    """One's subscriptions, those that stand first, and what one may use by them."""
    rows = Subscription.objects.visible_to(request.user).with_plans().newest_first()
    standing = [row for row in rows if row.status != Subscription.Status.CANCELLED]
    context = {
        "standing": standing,
        "allowed": shown_entitlements(request.user, standing, now=clock.now()),
        "ended": [row for row in rows if row.status == Subscription.Status.CANCELLED],
    }
    return render(request, "subscriptions/subscription_list.html", context)


def settled(request: HttpRequest, subscription: Subscription, word: str) -> HttpResponse:
    """Pay what is owed, say what came of it, and lead to the subscription, or to the bank."""
    payment = settle_payments_of(subscription, now=clock.now())
    if payment is None or payment.state == Payment.State.SUCCEEDED:
        messages.success(request, word)
    elif payment.state == Payment.State.FAILED:
        messages.error(request, explain(payment.failure))
    elif payment.challenge:
        page = reverse("subscriptions:subscription", args=[subscription.pk])
        return redirect(f"{payment.challenge}?{urlencode({REDIRECT_FIELD_NAME: page})}")
    else:
        messages.info(request, _("The payment is under way. This page will know in a minute."))
    return redirect("subscriptions:subscription", subscription.pk)


@require_safe
@sign_in_required
def show_subscription(request: HttpRequest, pk: int) -> HttpResponse:
    """One subscription: its plan, what comes next, and its invoices."""
    return subscription_page(request, subscription_of(request, pk))


def subscription_of(request: HttpRequest, pk: int) -> Subscription:
    """Return one of one's subscriptions. Raises Http404 for any other."""
    return get_object_or_404(Subscription.objects.visible_to(request.user).with_plans(), pk=pk)


def subscription_page(
    request: HttpRequest, subscription: Subscription, *, refusal: DomainError | None = None
) -> HttpResponse:
    """Show a subscription, and why what was asked for was refused, if it was."""
    coming = subscription.pending_plan or subscription.plan
    others = Plan.objects.sold().filter(product=subscription.product_id).exclude(pk=coming.pk)
    context: dict[str, Any] = {
        "subscription": subscription,
        "coming": _coming(subscription, coming),
        "redemption": redemption_of(subscription),
        "coupon_words": _coupon_words(subscription),
        "others": others.by_rank() if subscription.is_going_on else (),
        "invoices": subscription.invoices.newest_first()[:MOST_INVOICES],
        "card": Card.objects.of(request.user).first(),
        "payment": last_payment_of(subscription) if subscription.is_past_due else None,
        "refusal": refusal,
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "subscriptions/subscription_detail.html", context, status=status)


def _coupon_words(subscription: Subscription) -> str:
    redemption = redemption_of(subscription)
    return words_for_redemption(redemption) if redemption else ""


def _coming(subscription: Subscription, plan: Plan) -> dict[str, Any] | None:
    """Return when the next period begins, and what it costs; None if there is none."""
    if not subscription.is_going_on:
        return None
    period = next_period(subscription, plan)
    return {"plan": plan, "at": period.term.starts_at, "total": period.quote.total}


@require_safe
@sign_in_required
def show_invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """An invoice or a credit note, as one prints it."""
    invoice = get_object_or_404(Invoice.objects.visible_to(request.user).with_parties(), pk=pk)
    lines = [
        (line.description, Money(line.amount, invoice.currency))
        for line in invoice.lines.order_by("position")
    ]
    context = {
        "invoice": invoice,
        "lines": lines,
        "credit_notes": invoice.credit_notes.order_by("pk"),
    }
    return render(request, "subscriptions/invoice_detail.html", context)
