"""Campaigns and templates: what posts belong to, and what they begin with."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sns.models import Campaign, Post, Template
from sns.placeholders import names_in
from sns.services.teams import require_role
from softfactory.accounts.models import User
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.problems import InvalidRequest, stale_version

CAMPAIGN = ("name", "utm_campaign", "starts_on", "ends_on")
TEMPLATE = ("name", "text")


def create_campaign(*, user: User, owner: User, now: datetime, **details: Any) -> Campaign:
    """Begin a campaign of an owner's. Raises InvalidRequest for a name that they use already."""
    require_role(user, owner.pk)
    return _saved(Campaign(owner=owner, created_at=now, updated_at=now), CAMPAIGN, details)


@transactional
def edit_campaign(
    *, user: User, campaign: Campaign, versions: Collection[int] | None = None, **details: Any
) -> Campaign:
    """Change a campaign, at one of these versions (None: any).

    Raises InvalidRequest as `create_campaign` does, PreconditionFailed.
    """
    require_role(user, campaign.owner_id)
    rows = Campaign.objects.select_for_update(no_key=True)
    return _saved(_at(rows.get(pk=campaign.pk), versions), CAMPAIGN, details)


def delete_campaign(*, user: User, campaign: Campaign) -> None:
    """Forget a campaign. Its posts stay, and belong to none."""
    require_role(user, campaign.owner_id)
    with transaction.atomic():
        Post.objects.filter(campaign=campaign).update(campaign=None)  # which moves their versions
        campaign.delete()


def create_template(*, user: User, owner: User, now: datetime, **details: Any) -> Template:
    """Keep a text to begin with. Raises InvalidRequest for a name that they use already, and
    DomainError for a placeholder that there is not (`placeholder_unknown`, `placeholder_open`).
    """
    require_role(user, owner.pk)
    names_in(details["text"])
    return _saved(Template(owner=owner, created_at=now, updated_at=now), TEMPLATE, details)


@transactional
def edit_template(
    *, user: User, template: Template, versions: Collection[int] | None = None, **details: Any
) -> Template:
    """Change a template, at one of these versions (None: any).

    Raises as `create_template` does, and PreconditionFailed.
    """
    require_role(user, template.owner_id)
    names_in(details.get("text", ""))
    rows = Template.objects.select_for_update(no_key=True)
    return _saved(_at(rows.get(pk=template.pk), versions), TEMPLATE, details)


def delete_template(*, user: User, template: Template) -> None:
    """Forget a template. What was written with it stays."""
    require_role(user, template.owner_id)
    template.delete()


def _at[Row: (Campaign, Template)](row: Row, versions: Collection[int] | None) -> Row:
    if versions is not None and row.version not in versions:
        raise stale_version()
    return row


def _saved[Row: (Campaign, Template)](
    row: Row, names: tuple[str, ...], details: Mapping[str, Any]
) -> Row:
    for name in names:
        if name in details:
            setattr(row, name, details[name])
    if isinstance(row, Campaign) and row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        message = _("A campaign ends on its first day at the earliest.")
        problem = {"field": "ends_on", "code": "before_from", "message": message}
        raise InvalidRequest("invalid", message, errors=[problem])
    try:
        with transaction.atomic():
            row.save()
            row.refresh_from_db()
    except IntegrityError as error:
        message = _("You have one of this name already. Choose another name.")
        problem = {"field": "name", "code": "taken", "message": message}
        raise InvalidRequest("invalid", message, errors=[problem]) from error
    return row
