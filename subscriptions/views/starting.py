"""Beginning a subscription, and a coupon for one: the price is shown before anybody agrees."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import kept_form, sign_in_required
from softfactory.kernel.problems import DomainError
from softfactory.payments.models import Card
from subscriptions.forms import CouponForm
from subscriptions.models import Plan, Subscription
from subscriptions.services.coupons import add_coupon, require_no_coupon, usable_coupon
from subscriptions.services.invoicing import describe
from subscriptions.services.subscribing import Opening, preview_subscribing, subscribe
from subscriptions.services.terms import next_period
from subscriptions.views.coupons import words_for_coupon
from subscriptions.views.subscriptions import (
    settled,
    subscription_of,
    subscription_page,
)


@form_page
@sign_in_required
def start(request: HttpRequest, plan: int) -> HttpResponse:
    """What a plan costs today and later, with a coupon or without, before one agrees; posting
    begins it. A link may name the coupon: `?coupon=SPRING`.
    """
    row = get_object_or_404(Plan.objects.sold(), pk=plan)
    had = Subscription.objects.filter(user=request.user, product=row.product)
    if standing := had.standing().first():
        messages.info(request, _("You have this product already."))
        return redirect("subscriptions:subscription", standing.pk)
    form = CouponForm(request.POST or kept_form(request) or request.GET)
    refusal: DomainError | None = None
    if request.method == "POST" and form.is_valid() and form.is_agreed:
        try:
            wish = {"user": request.user, "plan_id": row.pk, "coupon": form.code}
            subscription = subscribe(now=clock.now(), **wish)
        except DomainError as error:
            refusal = error
        else:
            return settled(request, subscription, _("It has begun."))
    return _start_page(request, row, form, refusal)


def _start_page(
    request: HttpRequest, plan: Plan, form: CouponForm, refusal: DomainError | None
) -> HttpResponse:
    opening = _opening(request, plan, form)
    lines = [(describe(line, request.user.timezone), line.amount) for line in opening.quote.lines]
    is_about_coupon = bool(form.errors)
    context = {
        "plan": plan,
        "form": form,
        "opening": opening,
        "lines": lines,
        "coupon_words": words_for_coupon(opening.coupon) if opening.coupon else "",
        "card": Card.objects.of(request.user).first(),
        "refusal": None if is_about_coupon else refusal,
    }
    is_refused = request.method == "POST" and (refusal or is_about_coupon)
    status = refusal.status if refusal else HTTPStatus.UNPROCESSABLE_ENTITY
    template = "subscriptions/subscription_start.html"
    return render(request, template, context, status=status if is_refused else HTTPStatus.OK)


def _opening(request: HttpRequest, plan: Plan, form: CouponForm) -> Opening:
    """Return what would begin; without the coupon, if the form says that it can't be used."""
    wish = {"user": request.user, "plan": plan, "now": clock.now()}
    try:
        return preview_subscribing(**wish, coupon=form.code)
    except DomainError as error:
        if not form.refuse(error):
            raise
    return preview_subscribing(**wish)


@form_page
@sign_in_required
def coupon(request: HttpRequest, pk: int) -> HttpResponse:
    """What a coupon takes from the next period of a subscription; posting lets it do so."""
    subscription = subscription_of(request, pk)
    form = CouponForm(request.POST or kept_form(request) or request.GET)
    try:
        require_no_coupon(subscription)
        if request.method == "POST" and form.is_valid() and form.code and form.is_agreed:
            add_coupon(subscription=subscription, code=form.code, now=clock.now())
            messages.success(request, _("The coupon takes from your next period."))
            return redirect("subscriptions:subscription", pk)
    except DomainError as refusal:
        if not form.refuse(refusal):
            return subscription_page(request, subscription, refusal=refusal)
    return _coupon_page(request, subscription, form)


def _coupon_page(
    request: HttpRequest, subscription: Subscription, form: CouponForm
) -> HttpResponse:
    found = None
    if form.code and not form.errors:
        wish = {"user": request.user, "currency": subscription.currency, "now": clock.now()}
        try:
            found = usable_coupon(code=form.code, **wish)
        except DomainError as refusal:
            form.refuse(refusal)
    plan = subscription.pending_plan or subscription.plan
    period = next_period(subscription, plan, coupon=found)
    quote = period.quote
    context = {
        "subscription": subscription,
        "form": form,
        "lines": [(describe(line, subscription.timezone), line.amount) for line in quote.lines],
        "quote": quote,
        "at": period.term.starts_at,
        "coupon_words": words_for_coupon(found) if found else "",
    }
    is_refused = request.method == "POST" and form.errors
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, "subscriptions/subscription_coupon.html", context, status=status)
