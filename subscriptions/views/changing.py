"""What one changes about a subscription, each with its effect shown before one agrees."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.problems import DomainError
from subscriptions.models import Plan, Subscription
from subscriptions.services import changing, stopping
from subscriptions.services.invoicing import describe
from subscriptions.views.subscriptions import (
    settled,
    subscription_of,
    subscription_page,
)


@form_page
@sign_in_required
def change(request: HttpRequest, pk: int, plan: int) -> HttpResponse:
    """What another plan would charge or credit, to the unit; posting changes to it for that."""
    subscription = subscription_of(request, pk)
    row = get_object_or_404(Plan.objects.sold(), pk=plan, product=subscription.product_id)
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            changed = changing.change_plan(
                subscription=subscription,
                plan_id=row.pk,
                as_of=_instant(request.POST.get("as_of", "")),
                now=clock.now(),
            )
        except DomainError as error:
            refusal = error
        else:
            return settled(request, changed, _("Your plan is changed."))
    try:
        preview = changing.preview_change(
            subscription=subscription, plan_id=row.pk, now=clock.now()
        )
    except DomainError as error:
        return subscription_page(request, subscription, refusal=error)
    context = {
        "subscription": subscription,
        "plan": row,
        "preview": preview,
        "lines": [
            (describe(line, subscription.timezone), line.amount) for line in preview.quote.lines
        ],
        "refusal": refusal,
    }
    status = refusal.status if refusal else HTTPStatus.OK
    return render(request, "subscriptions/subscription_change.html", context, status=status)


def _instant(text: str) -> datetime | None:
    """Read the instant of a preview; what is none asks for the price of now."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else None


@form_page
@sign_in_required
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop for a while; what is left of the period is kept."""
    return _done(request, pk, stopping.pause, _("Paused. What is left of the period is kept."))


@form_page
@sign_in_required
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on after a pause, or take back a cancellation."""
    return _done(request, pk, stopping.resume, _("It goes on."))


def _done(
    request: HttpRequest, pk: int, step: Callable[..., Subscription], word: str
) -> HttpResponse:
    subscription = subscription_of(request, pk)
    if request.method != "POST":  # back from signing in: to be looked at and pressed again
        return redirect("subscriptions:subscription", pk)
    try:
        step(subscription=subscription, now=clock.now())
    except DomainError as refusal:
        return subscription_page(request, subscription, refusal=refusal)
    messages.success(request, word)
    return redirect("subscriptions:subscription", pk)


@form_page
@sign_in_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a cancellation means; posting cancels, with the period or at once."""
    subscription = subscription_of(request, pk)
    if request.method == "POST":
        at_once = "at_once" in request.POST
        try:
            ended = stopping.cancel(subscription=subscription, at_once=at_once, now=clock.now())
        except DomainError as refusal:
            return subscription_page(request, subscription, refusal=refusal)
        has_ended = ended.status == Subscription.Status.CANCELLED
        word = _("It has ended.") if has_ended else _("It ends with its period.")
        messages.success(request, word)
        return redirect("subscriptions:subscription", pk)
    return render(request, "subscriptions/subscription_cancel.html", {"subscription": subscription})
