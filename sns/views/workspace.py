"""Whose posts somebody is working on: their own, or those of an owner who gave them a seat."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from sns.models import Seat
from sns.services.teams import Role
from softfactory.accounts.models import User

CHOSEN = "sns_owner"  # in the session


@dataclass(frozen=True)
class Workspace:
    """An owner, and what the one who is looking is to their posts."""

    user: User
    owner: User
    role: Role

    @property
    def owners(self) -> list[int]:
        """As querysets take it."""
        return [self.owner.pk]

    @property
    def is_another(self) -> bool:
        """Whether it is somebody else's."""
        return self.user.pk != self.owner.pk

    @property
    def is_own(self) -> bool:
        """Whether accounts and team are the user's to decide on."""
        return not self.is_another

    @cached_property
    def needs_approval(self) -> bool:
        """Whether what the user writes is scheduled by somebody else."""
        return not self.role.approves


def workspace_of(request: HttpRequest) -> Workspace:
    """Return the workspace that was chosen; one's own, where the seat is no more."""
    user: Any = request.user
    chosen = request.session.get(CHOSEN)
    if chosen and chosen != user.pk:
        seat = Seat.objects.filter(owner=chosen, user=user).select_related("owner").first()
        if seat is not None:
            return Workspace(user, seat.owner, Role(seat.role))
    return Workspace(user, user, Role.OWNER)


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    workspace: Workspace,
    status: int = 200,
) -> HttpResponse:
    """Return a page of social posts, under its tabs."""
    around = {"workspace": workspace, "tabs": _tabs(request)}
    return render(request, f"sns/{template}.html", {**around, **context}, status=status)


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    labels = {
        "sns:overview": pgettext("social", "Queue"),
        "sns:calendar": pgettext("social", "Calendar"),
        "sns:accounts": pgettext("social", "Accounts"),
        "sns:campaigns": _("Campaigns"),
        "sns:templates": _("Templates"),
        "sns:team": pgettext("social", "Team"),
    }
    match = request.resolver_match
    here = match.view_name if match else ""
    return [
        {"href": reverse(name), "label": label, "current": name == here}
        for name, label in labels.items()
    ]
