"""Bluesky behind the protocol of networks."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from sns.networks.addresses import address_of
from sns.networks.answers import answered, document_of, number, said, words
from sns.networks.bluesky.records import POST, Strong, card, images, record_key, record_of
from sns.networks.bluesky.sessions import Session, refusal, sign_in, with_session
from sns.networks.calls import Body, Server
from sns.networks.checks import issues_of
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
    Picture,
    PictureRules,
    Published,
    Reactions,
    Rules,
)
from sns.networks.written import shows_card, with_link
from softfactory.kernel.outbound import Reply

REPO: Final = "/xrpc/com.atproto.repo."
RULES: Final = Rules(
    unit="graphemes",
    most=300,
    most_bytes=3000,
    pictures=PictureRules(most=4, most_bytes=1_000_000, longest_edge=2000, longest_alt=2000),
    has_threads=True,
    has_cards=True,
)


class Bluesky:
    """See the package."""

    key = "bluesky"
    name = "Bluesky"
    default_server = "https://bsky.social"
    credentials: tuple[Field, ...] = (
        Field("identifier", _("Handle"), _("As in ben.bsky.social"), is_secret=False),
        Field(
            "app_password",
            _("App password"),
            _("Made in Bluesky under Settings, Privacy and security, App passwords."),
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
        address = address_of(server, default=self.default_server)
        password = credentials.get("app_password", "").strip()
        identifier = credentials.get("identifier", "").strip().removeprefix("@")
        try:
            session = sign_in(Server(address, refusal=refusal), identifier, password)
        except NetworkRefused as error:
            raise _as_told_to_a_newcomer(error) from None
        return Access(address, session.handle, session.did, {"app_password": password})

    def check(self, content: Content, rules: Rules) -> list[Issue]:
        return issues_of(content, rules)

    def publish(self, access: Access, content: Content, key: str) -> Published:
        written = with_link(content, RULES)
        record_keys = _record_keys(written, key)

        def put_all(server: Server, session: Session) -> Published:
            thread: list[Strong] = []
            try:
                for number in range(len(written.parts)):
                    reply = _put(server, session, written, number, key, thread)
                    thread.append(_strong(reply))
            except NetworkRefused:
                _take_back(server, session, record_keys[: len(thread)])
                raise
            return _published(session.did, record_keys, reply)

        return with_session(access, put_all)

    def find(
        self, access: Access, content: Content, key: str, *, known: Collection[str] = ()
    ) -> Published | None:
        record_keys = _record_keys(with_link(content, RULES), key)
        asked = {"repo": access.remote_id, "collection": POST, "rkey": record_keys[-1]}

        def look_up(server: Server, session: Session) -> Published | None:
            reply = server.read(f"{REPO}getRecord", asked, taking=(400, 404))
            if words(document_of(reply).get("uri")):
                return _published(session.did, record_keys, reply)
            if document_of(reply).get("error") == "RecordNotFound":
                return None
            if reply.status == 200:
                raise NetworkLater(said(reply), answered=answered(reply))
            raise refusal(reply)

        return with_session(access, look_up)

    def delete(self, access: Access, remote_id: str) -> None:
        def delete_all(server: Server, session: Session) -> None:
            for rkey in reversed(remote_id.split()):
                _delete(server, session, rkey)

        with_session(access, delete_all)

    def reactions(self, access: Access, remote_id: str) -> Reactions | None:
        """Ask what shows the posts (an AppView), through the account's server; some have none."""
        first, *others = remote_id.split()
        asked = {"uris": f"at://{access.remote_id}/{POST}/{first}"}

        def count(server: Server, session: Session) -> Reply:
            return server.read("/xrpc/app.bsky.feed.getPosts", asked, taking=(501, 502, 504))

        posts = document_of(with_session(access, count)).get("posts")
        if not isinstance(posts, list) or not posts or not isinstance(posts[0], dict):
            return None
        counts = {name: number(posts[0].get(f"{name}Count")) for name in COUNTED}
        replies = max(counts["reply"] - bool(others), 0)  # the thread goes on by replying to itself
        return Reactions(counts["like"], replies, counts["repost"])


COUNTED = ("like", "reply", "repost")


def _as_told_to_a_newcomer(error: NetworkRefused) -> NetworkRefused:
    codes = {"signed_out": "wrong_credentials", "content": "wrong_server"}
    code = codes.get(error.code, error.code)
    return NetworkRefused(code, error.reason, answered=error.answered)


def _record_keys(written: Content, key: str) -> list[str]:
    return [record_key(key, number, written.created_at) for number in range(len(written.parts))]


def _put(
    server: Server,
    session: Session,
    written: Content,
    number: int,
    key: str,
    thread: list[Strong],
) -> Reply:
    record = record_of(
        written,
        number,
        embed=_embed(server, written, number),
        replies_to=(thread[0], thread[-1]) if thread else None,
        did_of=lambda handle: _did_of(server, handle),
    )
    asked = {
        "repo": session.did,
        "collection": POST,
        "rkey": record_key(key, number, written.created_at),
        "record": record,
    }
    return server.write("POST", f"{REPO}putRecord", Body.of_json(asked))


def _delete(server: Server, session: Session, rkey: str) -> None:
    body = Body.of_json({"repo": session.did, "collection": POST, "rkey": rkey})
    server.write("POST", f"{REPO}deleteRecord", body, is_harmless=True)


def _take_back(server: Server, session: Session, record_keys: list[str]) -> None:
    """Leave no half of a thread whose next part is refused. If that fails too, it stays."""
    with suppress(NetworkError):
        for rkey in reversed(record_keys):
            _delete(server, session, rkey)


def _embed(server: Server, written: Content, number: int) -> dict[str, Any] | None:
    pictures = written.parts[number].pictures
    if pictures:
        return images(pictures, [_upload(server, picture) for picture in pictures])
    return card(written) if number == 0 and shows_card(written, RULES) else None


def _upload(server: Server, picture: Picture) -> dict[str, Any]:
    """Upload a picture and return how a record speaks of it. The same bytes are the same blob."""
    body = Body(picture.content, picture.content_type)
    reply = server.write("POST", f"{REPO}uploadBlob", body, is_harmless=True)
    blob = document_of(reply).get("blob")
    if not isinstance(blob, dict):
        raise NetworkLater(said(reply), answered=answered(reply))
    return blob


def _did_of(server: Server, handle: str) -> str | None:
    """Return who a handle is; None if nobody: then it is text like any other."""
    path = "/xrpc/com.atproto.identity.resolveHandle"
    reply = server.read(path, {"handle": handle}, taking=(400, 404))
    did = words(document_of(reply).get("did"))
    return did if did.startswith("did:") else None


def _strong(reply: Reply) -> Strong:
    told = document_of(reply)
    uri, cid = words(told.get("uri")), words(told.get("cid"))
    if not uri or not cid:
        raise NetworkUnsure(said(reply), answered=answered(reply))
    return {"uri": uri, "cid": cid}


def _published(did: str, record_keys: list[str], reply: Reply) -> Published:
    url = f"https://bsky.app/profile/{did}/post/{record_keys[0]}"
    return Published(" ".join(record_keys), url, answered(reply))
