"""Accounts on networks: connected, given a queue, connected again, disconnected."""

import secrets
from collections.abc import Mapping

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sns.forms.accounts import AccountForm, ConnectForm, shown_slots
from sns.models import SocialAccount
from sns.networks import NETWORKS
from sns.networks.protocol import Network, NetworkError
from sns.querysets import SocialAccountQuerySet
from sns.services.accounts import connect_account, disconnect_account, edit_account
from sns.times import queue_times
from sns.views.workspace import Workspace, show, workspace_of
from softfactory.kernel import clock
from softfactory.kernel.http.pages import form_page
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.problems import DomainError
from softfactory.kernel.sealing import seal, unseal

CONSENT = "sns_consent"  # in the session: what a network's own page was opened with
MINUTES = 15  # that one has for it


@require_safe
@sign_in_required
def list_accounts(request: HttpRequest) -> HttpResponse:
    """The accounts that are connected, how they fare, and the networks to connect more on."""
    workspace = workspace_of(request)
    accounts = list(_accounts(workspace).newest_first())
    context = {
        "accounts": [
            {"row": account, "network": NETWORKS.get(account.network)} for account in accounts
        ],
        "networks": NETWORKS.values(),
    }
    return show(request, "account_list", context, workspace=workspace)


@form_page
@sign_in_required
def connect(request: HttpRequest, network: str) -> HttpResponse:
    """Ask for what opens an account there; where a network has a page of its own, lead to it."""
    workspace = _own(request)
    chosen = _network(network)
    form = ConnectForm(request.POST or None, network=chosen)
    if again := request.GET.get("server"):
        form.initial["server"] = again[:200]
    if request.method == "POST" and form.is_valid():
        server = form.cleaned_data["server"] or chosen.default_server
        try:
            if chosen.has_consent:
                return _consent_page(request, workspace, chosen, server)
            account = connect_account(
                user=request.user,
                network=network,
                server=server,
                credentials=form.credentials,
                now=clock.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        except NetworkError as error:
            form.add_error("server", error.reason)
        else:
            return _connected(request, account)
    context = {"network": chosen, "form": form}
    return show(request, "account_connect", context, workspace=workspace)


@require_safe
@sign_in_required
def finish_connecting(request: HttpRequest) -> HttpResponse:
    """Where a network's own page leads back to, with a code that opens the account."""
    kept = request.session.pop(CONSENT, None)
    try:
        state = signing.loads(request.GET.get("state", ""), salt=CONSENT, max_age=MINUTES * 60)
    except signing.BadSignature:
        state = None
    if kept is None or state != kept["nonce"] or not request.GET.get("code"):
        messages.error(request, _("Connecting was not finished. Try again."))
        return redirect("sns:accounts")
    try:
        account = connect_account(
            user=request.user,
            network=kept["network"],
            server=kept["server"],
            credentials={**_unsealed(kept["kept"]), "code": request.GET["code"][:2_000]},
            now=clock.now(),
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("sns:account_connect", kept["network"])
    return _connected(request, account)


@form_page
@sign_in_required
def show_account(request: HttpRequest, pk: int) -> HttpResponse:
    """An account's zone and weekly queue, and why it does not work if it does not."""
    workspace = workspace_of(request)
    account = get_object_or_404(_accounts(workspace), pk=pk)
    initial = {"timezone": account.timezone, **shown_slots(queue_times(account.slots))}
    form = AccountForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        changes = {name: form.cleaned_data[name] for name in ("timezone", "slots")}
        try:
            edit_account(account=account, versions=None, now=clock.now(), **changes)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The account is saved."))
            return redirect("sns:account", pk)
    context = {"account": account, "network": NETWORKS.get(account.network), "form": form}
    return show(request, "account_edit", context, workspace=workspace)


@form_page
@sign_in_required
def confirm_disconnecting(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before an account is disconnected; posting disconnects it."""
    workspace = _own(request)
    account = get_object_or_404(_accounts(workspace), pk=pk)
    if request.method == "POST":
        disconnect_account(account=account, now=clock.now())
        messages.success(request, _("The account is disconnected. What was published stays there."))
        return redirect("sns:accounts")
    return show(request, "account_disconnect", {"account": account}, workspace=workspace)


def _consent_page(
    request: HttpRequest, workspace: Workspace, network: Network, server: str
) -> HttpResponse:
    """Show the link to the server's own page: a form of ours must lead to no other site."""
    nonce = secrets.token_urlsafe(24)
    state = signing.dumps(nonce, salt=CONSENT)
    back = request.build_absolute_uri(reverse("sns:account_callback"))
    consent = network.begin(server, redirect_uri=back, state=state)
    request.session[CONSENT] = {
        "network": network.key,
        "server": server,
        "nonce": nonce,
        "kept": {name: seal(value) for name, value in consent.kept.items()},
    }
    context = {"network": network, "server": server, "address": consent.url}
    return show(request, "account_consent", context, workspace=workspace)


def _unsealed(kept: Mapping[str, str]) -> dict[str, str]:
    return {name: unseal(value) for name, value in kept.items()}


def _connected(request: HttpRequest, account: SocialAccount) -> HttpResponse:
    messages.success(request, _("%(name)s is connected.") % {"name": account.handle})
    return redirect("sns:account", account.pk)


def _accounts(workspace: Workspace) -> SocialAccountQuerySet:
    return SocialAccount.objects.of_owners(workspace.owners).connected()


def _own(request: HttpRequest) -> Workspace:
    """Accounts are connected by whose they are."""
    workspace = workspace_of(request)
    if workspace.is_another:
        raise Http404
    return workspace


def _network(key: str) -> Network:
    network = NETWORKS.get(key)
    if network is None:
        raise Http404
    return network
