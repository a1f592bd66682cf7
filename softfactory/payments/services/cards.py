"""A user's cards: added from a gateway's token, removed. We never see a number."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from softfactory.accounts.models import User
from softfactory.kernel.problems import DomainError
from softfactory.payments.gateways import gateway_of, name_of_gateway
from softfactory.payments.gateways.protocol import GatewayError, NewCard, Refused
from softfactory.payments.models import Card
from softfactory.payments.services.refusals import GatewayAway, explain


def prepare_card(*, user: User, attempt: str) -> str:
    """Return a secret by which the user's browser gives the gateway one card; the same for each
    try of one attempt. Raises GatewayAway if the gateway does not answer.
    """
    name = name_of_gateway()
    try:
        return gateway_of(name).prepare_card(
            owner=_owner(user), customer=_customer(user, name), key=f"{_owner(user)}-{attempt}"
        )
    except (GatewayError, Refused) as error:
        raise GatewayAway from error


def add_card(*, user: User, token: str, now: datetime) -> Card:
    """Keep the card that the browser gave to the gateway for this token; it is what pays now.

    The same token again is the same card.
    Raises DomainError if the gateway refuses the card, GatewayAway if it does not answer.
    """
    name = name_of_gateway()
    try:
        new = gateway_of(name).add_card(
            token,
            owner=_owner(user),
            customer=_customer(user, name),
            key=secrets.token_hex(8),
        )
    except Refused as refused:
        raise DomainError(refused.code, explain(refused.code)) from refused
    except GatewayError as error:
        raise GatewayAway from error
    return _kept(user, name, new, now)


def demo_card(*, user: User, now: datetime) -> Card:
    """Return a card of the sandbox that always pays, not saved yet."""
    new = gateway_of("sandbox").add_card(
        "card_ok", owner=_owner(user), customer="", key=f"demo-{user.pk}"
    )
    return _card(user, "sandbox", new, now)


def _owner(user: User) -> str:
    """Return what names a user to a gateway for ever, also beside users of another database."""
    return f"user-{user.pk}-{user.created_at:%Y%m%d%H%M%S%f}"


def _customer(user: User, gateway: str) -> str:
    """Return what a gateway calls a user, "" if it knows none of their cards."""
    known = Card.objects.filter(user=user, gateway=gateway).first()
    return known.customer_reference if known else ""


def _card(user: User, gateway: str, new: NewCard, now: datetime) -> Card:
    return Card(
        user=user,
        gateway=gateway,
        reference=new.reference,
        customer_reference=new.customer_reference,
        brand=new.brand,
        last4=new.last4,
        expires_month=new.expires_month,
        expires_year=new.expires_year,
        created_at=now,
    )


def _kept(user: User, name: str, new: NewCard, now: datetime) -> Card:
    card = _card(user, name, new, now)
    try:
        with transaction.atomic():
            card.save(force_insert=True)
    except IntegrityError:
        known = Card.objects.of(user).filter(gateway=name, reference=new.reference).first()
        if known is None:
            raise DomainError("card_unknown", explain("card_unknown")) from None
        return known
    return card


def remove_card(*, card: Card, now: datetime) -> None:
    """Forget a card: nothing is charged to it any more. What it paid stays written down."""
    if not Card.objects.filter(pk=card.pk, removed_at=None).update(removed_at=now):
        return
    try:
        gateway_of(card.gateway).remove_card(card.reference)
    except (GatewayError, Refused):  # we do not use it any more, whatever is kept there
        return
