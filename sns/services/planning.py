"""Campaigns and templates: what posts belong to, and what they begin with."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sns.models import Campaign, Template
from sns.placeholders import names_in
from sns.services.teams import require_role
from softfactory.accounts.models import User
from softfactory.kernel.problems import InvalidRequest

CAMPAIGN = ("name", "utm_campaign", "starts_on", "ends_on")
TEMPLATE = ("name", "text")


def create_campaign(*, user: User, owner: User, now: datetime, **details: Any) -> Campaign:
    """Begin a campaign of an owner's. Raises InvalidRequest for a name that they use already."""
    require_role(user, owner.pk)
    return _saved(Campaign(owner=owner, created_at=now, updated_at=now), CAMPAIGN, details)


def edit_campaign(*, user: User, campaign: Campaign, **details: Any) -> Campaign:
    """Change a campaign. Raises InvalidRequest as `create_campaign` does."""
    require_role(user, campaign.owner_id)
    return _saved(campaign, CAMPAIGN, details)


def delete_campaign(*, user: User, campaign: Campaign) -> None:
    """Forget a campaign. Its posts stay, and belong to none."""
    require_role(user, campaign.owner_id)
    campaign.delete()


def create_template(*, user: User, owner: User, now: datetime, **details: Any) -> Template:
    """Keep a text to begin with. Raises InvalidRequest for a name that they use already, and
    DomainError for a placeholder that there is not (`placeholder_unknown`, `placeholder_open`).
    """
    require_role(user, owner.pk)
    names_in(details["text"])
    return _saved(Template(owner=owner, created_at=now, updated_at=now), TEMPLATE, details)


def edit_template(*, user: User, template: Template, **details: Any) -> Template:
    """Change a template. Raises as `create_template` does."""
    require_role(user, template.owner_id)
    names_in(details.get("text", ""))
    return _saved(template, TEMPLATE, details)


def delete_template(*, user: User, template: Template) -> None:
    """Forget a template. What was written with it stays."""
    require_role(user, template.owner_id)
    template.delete()


def _saved[Row: (Campaign, Template)](
    row: Row, names: tuple[str, ...], details: Mapping[str, Any]
) -> Row:
    for name in names:
        if name in details:
            setattr(row, name, details[name])
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        message = _("You have one of this name already. Choose another name.")
        problem = {"field": "name", "code": "taken", "message": message}
        raise InvalidRequest("invalid", message, errors=[problem]) from error
    return row
