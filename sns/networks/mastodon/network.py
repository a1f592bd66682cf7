"""Mastodon behind the protocol of networks."""

import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sns.networks.addresses import address_of
from sns.networks.answers import answered, document_of, number, page, said, words
from sns.networks.calls import Body, Server
from sns.networks.checks import issues_of
from sns.networks.mastodon import consent
from sns.networks.mastodon.facts import fetch_facts, rules_of
from sns.networks.mastodon.statuses import Status, ids_of, is_name, parts_there
from sns.networks.protocol import (
    Access,
    Consent,
    Content,
    Field,
    Issue,
    NetworkError,
    NetworkLater,
    NetworkRefused,
    NetworkUnsure,
    Part,
    Picture,
    Published,
    Reactions,
    Rules,
)
from sns.networks.written import with_link
from softfactory.kernel.outbound import Reply

WAITS: Final = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0)  # seconds, for a picture to be processed
GONE: Final = (404, 410)


class Mastodon:
    """See the package."""

    key = "mastodon"
    name = "Mastodon"
    default_server = ""
    credentials: tuple[Field, ...] = (
        Field(
            "access_token",
            gettext_lazy("Access token"),
            gettext_lazy("Only if you made one yourself, under Preferences, Development."),
            is_required=False,
        ),
    )
    has_consent = True
    has_facts = True
    honours_keys = False  # for an hour it does, and is sent them; nobody counts on it

    def rules(self, facts: Mapping[str, Any]) -> Rules:
        return rules_of(facts)

    def facts(self, access: Access) -> Mapping[str, Any]:
        return fetch_facts(_server(access), closed_to=())

    def begin(self, server: str, *, redirect_uri: str, state: str) -> Consent:
        """Ask to be let in. Without `redirect_uri` the server shows a code, to be copied."""
        at = Server(address_of(server), refusal=_refusal_of_a_stranger)
        return consent.begin(at, redirect_uri=redirect_uri, state=state)

    def connect(self, server: str, credentials: Mapping[str, str]) -> Access:
        address = address_of(server)
        stranger = Server(address, refusal=_refusal_of_a_stranger)
        facts = fetch_facts(stranger)
        token = consent.token_for(stranger, credentials)
        reply = Server(address, _bearing(token), _refusal_of_a_stranger, stranger.ends_at).read(
            "/api/v1/accounts/verify_credentials"
        )
        told = document_of(reply)
        remote_id = words(told.get("id"), most=100)
        if not is_name(remote_id):
            raise NetworkRefused("wrong_server", said(reply), answered=answered(reply))
        kept = {name: credentials[name] for name in KEPT if credentials.get(name)}
        return Access(
            address,
            words(told.get("acct"), most=300) or remote_id,
            remote_id,
            kept | {"access_token": token},
            facts,
        )

    def check(self, content: Content, rules: Rules) -> list[Issue]:
        return issues_of(content, rules)

    def publish(self, access: Access, content: Content, key: str) -> Published:
        server, written = _server(access), with_link(content, rules_of(access.facts))
        there: list[Status] = []
        if len(written.parts) > 1:
            there = parts_there(server, access.remote_id, written, known=())
        reply = None
        try:
            for number in range(len(there), len(written.parts)):
                before = str(there[-1]["id"]) if there else None
                reply = _post(server, written.parts[number], before, f"{key}-{number}")
                there.append(_status(reply))
        except NetworkRefused:
            with suppress(NetworkError):  # no half of a thread stays, if it can be helped
                _delete(server, there)
            raise
        return _published(there, reply)

    def find(
        self, access: Access, content: Content, key: str, *, known: Collection[str] = ()
    ) -> Published | None:
        written = with_link(content, rules_of(access.facts))
        there = parts_there(_server(access), access.remote_id, written, known=known)
        return _published(there, None) if len(there) == len(written.parts) else None

    def delete(self, access: Access, remote_id: str) -> None:
        _delete(_server(access), [{"id": name} for name in remote_id.split()])

    def reactions(self, access: Access, remote_id: str) -> Reactions | None:
        first, *others = remote_id.split()
        reply = _server(access).read(f"/api/v1/statuses/{first}", taking=GONE)
        if reply.status in GONE:
            return None
        told = document_of(reply)
        likes, replies, reposts = (
            number(told.get(f"{name}_count")) for name in ("favourites", "replies", "reblogs")
        )
        return Reactions(likes, max(replies - bool(others), 0), reposts)


KEPT: Final = ("client_id", "client_secret")


def _bearing(token: str) -> dict[str, str]:
    if not token.isascii() or not token.isprintable():
        raise NetworkRefused("wrong_credentials")
    return {"Authorization": f"Bearer {token}"}


def _server(access: Access) -> Server:
    return Server(access.server, _bearing(access.secrets.get("access_token", "")), _refusal)


def _refusal(reply: Reply) -> NetworkRefused:
    reason, kept = said(reply), answered(reply)
    if reply.status == 401:
        return NetworkRefused("signed_out", reason, account_broken=True, answered=kept)
    if reply.status == 403 and "disabled" in reason.lower():
        return NetworkRefused("suspended", reason, account_broken=True, answered=kept)
    if reply.status == 403:
        is_out_of_scope = "scope" in reason.lower()
        return NetworkRefused("not_allowed", reason, account_broken=is_out_of_scope, answered=kept)
    if reply.status == 413:
        return NetworkRefused("too_large", reason, answered=kept)
    return NetworkRefused("content" if reply.status == 422 else "refused", reason, answered=kept)


def _refusal_of_a_stranger(reply: Reply) -> NetworkRefused:
    code = "wrong_credentials" if reply.status in (401, 403) else "wrong_server"
    return NetworkRefused(code, said(reply), answered=answered(reply))


def _post(server: Server, part: Part, before: str | None, key: str) -> Reply:
    status: dict[str, Any] = {"status": part.text}
    if part.pictures:
        status["media_ids"] = [_upload(server, picture) for picture in part.pictures]
    if before:
        status["in_reply_to_id"] = before
    path, body = "/api/v1/statuses", Body.of_json(status)
    reply = server.write("POST", path, body, {"Idempotency-Key": key}, taking=(404,))
    if reply.status == 404:  # it knows the key, and what it made of it was deleted
        reply = server.write("POST", path, body, {"Idempotency-Key": f"{key}-anew"})
    return reply


def _delete(server: Server, statuses: Sequence[Status]) -> None:
    for status in reversed(statuses):
        path = f"/api/v1/statuses/{status['id']}"
        server.write("DELETE", path, taking=GONE, is_harmless=True)


def _upload(server: Server, picture: Picture) -> str:
    """Upload a picture, wait until it can be used, and return its name."""
    name = f"picture.{picture.content_type.rpartition('/')[2]}"
    body = Body.of_picture(picture, name=name, description=picture.alt)
    reply = server.write("POST", "/api/v2/media", body, is_harmless=True)
    media = words(document_of(reply).get("id"), most=100)
    if not is_name(media):
        raise NetworkLater(said(reply), answered=answered(reply))
    waits = iter(WAITS)
    while reply.status in (202, 206):
        wait = next(waits, None)
        if wait is None or time.monotonic() + wait > server.ends_at:
            raise NetworkLater(_("A picture is still being processed."), answered=answered(reply))
        time.sleep(wait)
        reply = server.read(f"/api/v1/media/{media}")
    return media


def _status(reply: Reply) -> Status:
    status = document_of(reply)
    if not is_name(words(status.get("id"))):
        raise NetworkUnsure(said(reply), answered=answered(reply))
    return status


def _published(there: list[Status], reply: Reply | None) -> Published:
    url = page(there[0].get("url")) or page(there[0].get("uri"))
    return Published(ids_of(there), url, answered(reply) if reply else None)
