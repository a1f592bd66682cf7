"""Webhooks: one's servers that are told of events, and what they were told."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from softfactory.accounts.forms import EndpointEditForm, EndpointForm
from softfactory.accounts.models import WebhookDelivery, WebhookEndpoint
from softfactory.accounts.services.delivering import send_again
from softfactory.accounts.services.emitting import send_ping
from softfactory.accounts.services.endpoints import (
    NewSecret,
    create_endpoint,
    delete_endpoint,
    edit_endpoint,
    rotate_secret,
)
from softfactory.accounts.views.account import form_page
from softfactory.kernel import clock
from softfactory.kernel.http.sign_in import kept_form, sign_in_required
from softfactory.kernel.problems import DomainError

# The newest of an endpoint's deliveries are on its page; the API lists all of them.
MOST_DELIVERIES = 50


@require_safe
@sign_in_required
def list_endpoints(request: HttpRequest) -> HttpResponse:
    """One's endpoints."""
    endpoints = WebhookEndpoint.objects.visible_to(request.user).newest_first()
    return render(request, "accounts/endpoint_list.html", {"endpoints": endpoints})


@form_page
@sign_in_required
def new_endpoint(request: HttpRequest) -> HttpResponse:
    """Let a server be told of events. Its secret is in the answer to the form and nowhere else."""
    form = EndpointForm(request.POST or kept_form(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = create_endpoint(user=request.user, now=clock.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return _show_secret(request, made)
    return render(request, "accounts/endpoint_create.html", {"form": form})


@form_page
@sign_in_required
def show_endpoint(request: HttpRequest, pk: int) -> HttpResponse:
    """An endpoint, how it fares and what it was told; posting changes it."""
    endpoint = _endpoint(request, pk)
    shown = {"url": endpoint.url, "types": endpoint.types, "is_active": endpoint.is_active}
    form = EndpointEditForm(request.POST or kept_form(request), initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            edit_endpoint(endpoint=endpoint, versions=None, now=clock.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The endpoint is saved."))
            return redirect("accounts:webhook", pk)
    context = {
        "endpoint": endpoint,
        "form": form,
        "now": clock.now(),
        "deliveries": endpoint.deliveries.with_message().newest_first()[:MOST_DELIVERIES],
    }
    return render(request, "accounts/endpoint_edit.html", context)


@form_page
@sign_in_required
def test_endpoint(request: HttpRequest, pk: int) -> HttpResponse:
    """Posting sends a ping, and shows what becomes of it."""
    endpoint = _endpoint(request, pk)
    if request.method != "POST":
        return redirect("accounts:webhook", pk)
    try:
        delivery = send_ping(endpoint=endpoint, now=clock.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("accounts:webhook", pk)
    messages.success(request, _("A ping is on its way. Look again in a few seconds."))
    return redirect("accounts:webhook_delivery", delivery.pk)


@form_page
@sign_in_required
def confirm_new_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before a secret is replaced; posting replaces and shows it."""
    endpoint = _endpoint(request, pk)
    if request.method == "POST":
        return _show_secret(request, rotate_secret(endpoint=endpoint, now=clock.now()))
    return render(request, "accounts/endpoint_rotate.html", {"endpoint": endpoint})


@form_page
@sign_in_required
def confirm_deletion(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before an endpoint is deleted; posting deletes it."""
    endpoint = _endpoint(request, pk)
    if request.method == "POST":
        delete_endpoint(endpoint=endpoint, now=clock.now())
        messages.success(request, _("The endpoint is deleted. It is told nothing any more."))
        return redirect("accounts:webhooks")
    return render(request, "accounts/endpoint_delete.html", {"endpoint": endpoint})


@form_page
@sign_in_required
def show_delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """What was told, and every attempt; posting sends it again."""
    own = WebhookDelivery.objects.visible_to(request.user).with_message()
    delivery = get_object_or_404(own, pk=pk)
    if request.method == "POST":
        try:
            send_again(delivery=delivery, now=clock.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("It is sent again. Look again in a few seconds."))
        return redirect("accounts:webhook_delivery", pk)
    context = {
        "delivery": delivery,
        "message": json.dumps(delivery.event.as_told(), indent=2, ensure_ascii=False),
        "attempts": delivery.attempts.order_by("-number"),
    }
    return render(request, "accounts/delivery_detail.html", context)


def _endpoint(request: HttpRequest, pk: int) -> WebhookEndpoint:
    return get_object_or_404(WebhookEndpoint.objects.visible_to(request.user), pk=pk)


def _show_secret(request: HttpRequest, made: NewSecret) -> HttpResponse:
    context = {"endpoint": made.endpoint, "secret": made.secret}
    return render(request, "accounts/endpoint_secret.html", context)
