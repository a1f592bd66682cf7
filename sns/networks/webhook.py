"""A receiver of one's own: posts as signed messages, as Standard Webhooks has it.

The message's id is made of the key, and a receiver knows by it what it has already. It can't be
asked what it has: to be safe against the same message twice is its part of the agreement.
"""

import base64
import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sns.networks.answers import answered, document_of, page, said, words
from sns.networks.calls import failure
from sns.networks.checks import issues_of
from sns.networks.protocol import (
    Access,
    Consent,
    Content,
    Field,
    Issue,
    NetworkLater,
    NetworkRefused,
    NetworkUnsure,
    Picture,
    PictureRules,
    Published,
    Reactions,
    Rules,
)
from softfactory.kernel import clock
from softfactory.kernel.outbound import Limits, OutboundError, Refused, Reply
from softfactory.kernel.targets import Target
from softfactory.kernel.webhooks import GONE, is_secret, is_taken, new_secret, post

LIMITS = Limits(connect=5, read=15, total=15)
RULES = Rules(
    unit="characters",
    most=20_000,
    pictures=PictureRules(most=10, most_bytes=2_000_000, longest_edge=4096),
    has_threads=True,
    has_cards=True,
    has_titles=True,
)


class Webhook:
    """See the module."""

    key = "webhook"
    name = "Webhook"
    default_server = ""
    credentials: tuple[Field, ...] = (
        Field(
            "secret",
            gettext_lazy("Signing secret"),
            gettext_lazy("Copy it to your receiver: it tells by it that a message is ours."),
            is_required=False,  # for a receiver that looks at nothing
            suggests=new_secret,
        ),
    )
    has_consent = False
    has_facts = False
    honours_keys = True

    def rules(self, facts: Mapping[str, Any]) -> Rules:
        return RULES

    def facts(self, access: Access) -> Mapping[str, Any]:
        return access.facts

    def begin(self, server: str, *, redirect_uri: str, state: str) -> Consent:
        raise NetworkRefused("refused")

    def connect(self, server: str, credentials: Mapping[str, str]) -> Access:
        """Take an address and a secret; nothing is sent before there is something to say."""
        try:
            target = Target.of(server)
        except Refused as error:
            raise NetworkRefused("address", str(error)) from None
        secret = credentials.get("secret") or new_secret()
        if not is_secret(secret):
            message = _("A signing secret is whsec_ and 24 to 64 bytes in base64.")
            raise NetworkRefused("wrong_credentials", message)
        return Access(server, target.host, server, {"secret": secret})

    def check(self, content: Content, rules: Rules) -> list[Issue]:
        return issues_of(content, rules)

    def publish(self, access: Access, content: Content, key: str) -> Published:
        answer = _send(access, "post.published", key, _written(content, key), at=content.created_at)
        document = document_of(answer)
        remote_id = words(document.get("id"), most=200) or key
        return Published(remote_id, page(document.get("url")), answered(answer))

    def find(
        self, access: Access, content: Content, key: str, *, known: Collection[str] = ()
    ) -> Published | None:
        return None

    def delete(self, access: Access, remote_id: str) -> None:
        name = hashlib.sha256(remote_id.encode()).hexdigest()[:32]  # the receiver chose its own
        _send(access, "post.deleted", f"{name}-deleted", {"id": remote_id}, at=clock.now())

    def reactions(self, access: Access, remote_id: str) -> Reactions | None:
        return None


def _send(access: Access, kind: str, key: str, told: Mapping[str, Any], *, at: datetime) -> Reply:
    """Send it. With the same key, time and content it has the same bytes."""
    document = {"type": kind, "timestamp": at.isoformat(), "data": told}
    host = urlsplit(access.server).hostname or ""
    try:
        reply = post(
            access.server,
            orjson.dumps(document),
            message_id=f"msg_{key}",
            signed_with=[access.secrets["secret"]],
            limits=LIMITS,
        )
    except Refused as error:
        raise NetworkRefused("address", str(error)) from None
    except OutboundError as error:
        raise (NetworkUnsure if error.may_have_arrived else NetworkLater)(str(error)) from None
    if is_taken(reply):
        return reply
    if reply.status == GONE:
        raise NetworkRefused("gone", said(reply), account_broken=True, answered=answered(reply))
    raise failure(reply, host, unsure=NetworkUnsure)


def _written(content: Content, key: str) -> dict[str, Any]:
    return {
        "id": key,
        "created_at": content.created_at.isoformat(),
        "title": content.title,
        "link": content.link,
        "parts": [
            {"text": part.text, "pictures": [_picture(picture) for picture in part.pictures]}
            for part in content.parts
        ],
    }


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "content_type": picture.content_type,
        "alt": picture.alt,
        "width": picture.width,
        "height": picture.height,
        "base64": base64.b64encode(picture.content).decode(),
    }
