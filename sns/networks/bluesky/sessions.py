"""Sessions with Bluesky servers: opened with an app password, kept in memory, renewed when old.

A server lets one sign in 30 times in five minutes, and 300 times a day: so each process signs in
once, and renews from then on. Nothing of a session is written anywhere.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakValueDictionary

from sns.networks.answers import answered, document_of, said, words
from sns.networks.calls import Body, Server
from sns.networks.protocol import Access, NetworkLater, NetworkRefused
from softfactory.kernel.outbound import Reply

SESSIONS: Final = "/xrpc/com.atproto.server."
MOST_KEPT = 2_000
LONGEST_TOKEN = 4_000

SUSPENDED = ("AccountTakedown", "AccountSuspended", "AccountDeactivated")
OLD = ("ExpiredToken", "InvalidToken", "AuthMissing")


class Expired(NetworkRefused):
    """The session is over, or the password does not open one."""


@dataclass(frozen=True, slots=True, repr=False)
class Session:
    """What a server gave us: two tokens, and the address at which the account's data lies."""

    did: str
    handle: str
    address: str
    token: str
    renewal: str

    def server(self, called: Server) -> Server:
        """Return the account's server, for as long as is left."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return Server(self.address, headers, refusal, called.ends_at)


type Account = tuple[str, str, str]

_kept: dict[Account, Session] = {}
_locks: WeakValueDictionary[Account, threading.Lock] = WeakValueDictionary()  # held by who waits
_guard = threading.Lock()


def refusal(reply: Reply) -> NetworkRefused:
    """Return what a server's no means (its `error` is a name, its `message` for people)."""
    error, reason, kept = document_of(reply).get("error"), said(reply), answered(reply)
    if error in SUSPENDED:
        return NetworkRefused("suspended", reason, account_broken=True, answered=kept)
    if error in OLD or reply.status == 401:
        return Expired("signed_out", reason, account_broken=True, answered=kept)
    if reply.status == 413 or error == "BlobTooLarge":
        return NetworkRefused("too_large", reason, answered=kept)
    if reply.status == 403:
        return NetworkRefused("not_allowed", reason, answered=kept)
    return NetworkRefused("content", reason, answered=kept)


def sign_in(server: Server, identifier: str, password: str) -> Session:
    """Open a session. Raises NetworkRefused: its account is broken if the password is wrong."""
    body = Body.of_json({"identifier": identifier, "password": password})
    reply = server.write("POST", f"{SESSIONS}createSession", body, is_harmless=True)
    return _session(reply, server)


def with_session[T](access: Access, do: Callable[[Server, Session], T]) -> T:
    """Do something as this account, with the session that is kept, or a new one.

    If the session is over, all of it is done again with another: it must bear that. The account is
    broken only if none can be had; a server that refuses its own is in trouble.
    """
    server = Server(access.server, refusal=refusal)
    session = _current(access, server, over=None)
    try:
        return do(session.server(server), session)
    except Expired:
        session = _current(access, server, over=session)
    try:
        return do(session.server(server), session)
    except Expired as error:
        raise NetworkLater(error.reason, answered=error.answered) from None


def _current(access: Access, server: Server, *, over: Session | None) -> Session:
    """Return a session other than the one that is over; one thread asks for it, others wait."""
    password = access.secrets.get("app_password", "")
    account = (access.server, access.remote_id, password)
    with _guard:
        lock = _locks.setdefault(account, threading.Lock())
    with lock:
        kept = _kept.get(account)
        if kept is None:
            session = sign_in(server, access.remote_id, password)
        elif kept is over:
            session = _renew(server, over) or sign_in(server, access.remote_id, password)
        else:
            return kept
        _keep(account, session)
        return session


def _keep(account: Account, session: Session) -> None:
    with _guard:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()  # whoever comes next signs in again
        _kept[account] = session


def _renew(server: Server, over: Session) -> Session | None:
    """Return the session that follows; None if one has to sign in. A server in trouble is no
    reason to sign in.
    """
    renewing = Server(
        server.address, {"Authorization": f"Bearer {over.renewal}"}, refusal, server.ends_at
    )
    try:
        reply = renewing.write("POST", f"{SESSIONS}refreshSession", is_harmless=True)
    except NetworkRefused as error:
        if error.code == "suspended":
            raise
        return None
    return _session(reply, server)


def _session(reply: Reply, server: Server) -> Session:
    told = document_of(reply)
    session = Session(
        did=words(told.get("did")),
        handle=words(told.get("handle"), most=300),
        address=_address_in(told.get("didDoc"), server),
        token=words(told.get("accessJwt"), most=LONGEST_TOKEN),
        renewal=words(told.get("refreshJwt"), most=LONGEST_TOKEN),
    )
    is_token = session.token.isascii() and session.token.isprintable()
    if not session.did.startswith("did:") or not session.token or not is_token:
        raise NetworkLater(said(reply), answered=answered(reply))
    return session


def _address_in(did_document: Any, server: Server) -> str:
    """Return where the account's data lies: `bsky.social` signs in, and others store."""
    services = did_document.get("service") if isinstance(did_document, Mapping) else None
    for service in services if isinstance(services, list) else []:
        if isinstance(service, Mapping) and str(service.get("id", "")).endswith("#atproto_pds"):
            endpoint = words(service.get("serviceEndpoint"))
            if endpoint.startswith("https://"):
                return f"https://{endpoint.split('/')[2]}"
    return server.address
