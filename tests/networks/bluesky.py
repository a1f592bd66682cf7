"""A small Bluesky server: sessions that expire, records under keys, blobs, and nothing to look at.

`passwords` maps identifiers to app passwords; `expire()` ends every session's token, `sign_out()`
the renewals too. `posts` has one entry a record: its `key`, its `value`, and `writes`.
"""

import hashlib
import json
import uuid
from typing import Any

from sns.text.units import graphemes
from tests.networks.peer import Asked, Peer, Told

DID = "did:plc:ben"
PASSWORD = "abcd-efgh-ijkl-mnop"


def no(error: str, message: str = "", status: int = 400) -> Told:
    """A refusal, as XRPC has them."""
    return Told({"error": error, "message": message or error}, status)


class BlueskyPeer(Peer):
    """See the module."""

    def __init__(self) -> None:
        super().__init__()
        self.passwords = {DID: PASSWORD, "ben.test": PASSWORD}
        self.tokens: set[str] = set()
        self.expired: set[str] = set()
        self.renewals: set[str] = set()
        self.taken_down = False
        self.blobs: dict[str, dict[str, Any]] = {}
        self.likes: dict[str, int] | None = None  # by address; None: it has no AppView

    def expire(self) -> None:
        self.expired |= self.tokens
        self.tokens.clear()

    def sign_out(self) -> None:
        self.expire()
        self.renewals.clear()

    def publishes(self, asked: Asked) -> bool:
        return asked.path.endswith("putRecord")

    def answer(self, asked: Asked) -> Told:
        method = asked.path.rpartition(".")[2]
        route = getattr(self, f"on_{method}", None)
        if route is None:
            return no("MethodNotImplemented", status=501)
        if method not in ("createSession", "refreshSession", "resolveHandle", "getRecord"):
            if asked.token in self.expired:
                return no("ExpiredToken", "Token has expired")
            if asked.token not in self.tokens:
                return no("AuthMissing", status=401)
        return route(asked)

    def on_createSession(self, asked: Asked) -> Told:
        told = asked.json()
        if self.taken_down:
            return no("AccountTakedown", "Account has been taken down", 401)
        if self.passwords.get(told["identifier"]) != told["password"]:
            return no("AuthenticationRequired", "Invalid identifier or password", 401)
        return self.session()

    def on_refreshSession(self, asked: Asked) -> Told:
        if asked.token not in self.renewals:
            return no("ExpiredToken", "Token has been revoked")
        self.renewals.discard(asked.token)
        return self.session()

    def session(self) -> Told:
        token, renewal = uuid.uuid4().hex, uuid.uuid4().hex
        self.tokens.add(token)
        self.renewals.add(renewal)
        document = {"did": DID, "handle": "ben.test", "accessJwt": token, "refreshJwt": renewal}
        endpoint = {"id": "#atproto_pds", "serviceEndpoint": self.url}
        return Told(document | {"didDoc": {"service": [endpoint]}})

    def on_resolveHandle(self, asked: Asked) -> Told:
        if asked.query["handle"] == "ana.test":
            return Told({"did": "did:plc:ana"})
        return no("InvalidRequest", "Unable to resolve handle")

    def on_uploadBlob(self, asked: Asked) -> Told:
        link = hashlib.sha256(asked.body).hexdigest()
        blob = {
            "$type": "blob",
            "ref": {"$link": link},
            "mimeType": asked.headers["content-type"],
            "size": len(asked.body),
        }
        self.blobs[link] = blob
        return Told({"blob": blob})

    def on_putRecord(self, asked: Asked) -> Told:
        told = asked.json()
        if graphemes(told["record"]["text"]) > 300:
            return no("InvalidRequest", "Invalid app.bsky.feed.post record: too long")
        value = told["record"]
        kept = self.record(told["rkey"])
        if kept is None:
            kept = {"key": told["rkey"], "value": value, "writes": 0}
            self.posts.append(kept)
        kept.update(value=value, writes=kept["writes"] + 1)
        return Told(self.strong(kept))

    def on_getRecord(self, asked: Asked) -> Told:
        kept = self.record(asked.query["rkey"])
        if kept is None:
            return no("RecordNotFound", "Could not locate record")
        return Told(self.strong(kept) | {"value": kept["value"]})

    def on_deleteRecord(self, asked: Asked) -> Told:
        self.posts = [post for post in self.posts if post["key"] != asked.json()["rkey"]]
        return Told()

    def on_getPosts(self, asked: Asked) -> Told:
        if self.likes is None:
            return no("UpstreamFailure", status=502)
        address = asked.query["uris"]
        counts = {"likeCount": self.likes.get(address, 0), "replyCount": 3, "repostCount": 2}
        return Told({"posts": [counts]})

    def record(self, key: str) -> dict[str, Any] | None:
        return next((post for post in self.posts if post["key"] == key), None)

    def strong(self, kept: dict[str, Any]) -> dict[str, str]:
        written = json.dumps(kept["value"], sort_keys=True).encode()
        address = f"at://{DID}/app.bsky.feed.post/{kept['key']}"
        return {"uri": address, "cid": hashlib.sha256(written).hexdigest()}
