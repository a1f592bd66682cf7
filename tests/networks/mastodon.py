"""A small Mastodon server: registration, codes, statuses as HTML, keys kept or forgotten.

`keeps_keys = False` makes it forget Idempotency-Keys at once, so that whoever sends again blindly
publishes twice. `limits` is what it says of itself, `processing` how often a picture is not ready.
"""

import html
import re
import uuid
from datetime import timedelta
from typing import Any

from softfactory.kernel import clock
from tests.networks.peer import Asked, Peer, Told

TOKEN = "token-of-ben"
LIMITS = {
    "statuses": {
        "max_characters": 500,
        "max_media_attachments": 4,
        "characters_reserved_per_url": 23,
    },
    "media_attachments": {
        "supported_mime_types": ["image/jpeg", "image/png", "video/mp4"],
        "image_size_limit": 16_777_216,
        "image_matrix_limit": 33_177_600,
        "description_limit": 1500,
    },
}


def no(status: int, message: str) -> Told:
    """A refusal."""
    return Told({"error": message}, status)


class MastodonPeer(Peer):
    """See the module."""

    def __init__(self) -> None:
        super().__init__()
        self.limits: Any = LIMITS
        self.has_v2 = True
        self.keeps_keys = True
        self.processing = 0
        self.disabled = False
        self.tokens = {TOKEN}
        self.apps: dict[str, dict[str, str]] = {}
        self.codes: dict[str, str] = {}  # of which app
        self.keys: dict[str, dict[str, Any]] = {}
        self.media: dict[str, dict[str, Any]] = {}
        self.behind = timedelta()

    def publishes(self, asked: Asked) -> bool:
        return (asked.method, asked.path) == ("POST", "/api/v1/statuses")

    def answer(self, asked: Asked) -> Told:
        for method, pattern, name in ROUTES:
            if method == asked.method and (match := re.fullmatch(pattern, asked.path)):
                if name not in OPEN and asked.token not in self.tokens:
                    return no(401, "The access token is invalid")
                if name not in OPEN and self.disabled:
                    return no(403, "Your login is currently disabled")
                return getattr(self, f"on_{name}")(asked, *match.groups())
        return no(404, "Record not found")

    def on_instance(self, asked: Asked, version: str) -> Told:
        if version == "2" and not self.has_v2:
            return no(404, "Record not found")
        return Told({"domain": "m.test", "version": "4.5.0", "configuration": self.limits})

    def on_app(self, asked: Asked) -> Told:
        form = {name: values[0] for name, values in asked.form().items()}
        client = {"client_id": uuid.uuid4().hex, "client_secret": uuid.uuid4().hex}
        self.apps[client["client_id"]] = form | client
        return Told(client)

    def agree(self, client_id: str) -> str:
        """Be the user who agrees: return the code that the browser would carry back."""
        code = uuid.uuid4().hex
        self.codes[code] = client_id
        return code

    def on_token(self, asked: Asked) -> Told:
        form = {name: values[0] for name, values in asked.form().items()}
        app = self.apps.get(self.codes.pop(form["code"], ""), {})
        asks = (form["client_id"], form["client_secret"], form["redirect_uri"])
        if asks != (app.get("client_id"), app.get("client_secret"), app.get("redirect_uris")):
            return Told({"error": "invalid_grant", "error_description": "It has expired."}, 400)
        token = uuid.uuid4().hex
        self.tokens.add(token)
        return Told({"access_token": token, "token_type": "Bearer", "scope": form["scope"]})

    def on_me(self, asked: Asked) -> Told:
        return Told({"id": "1", "acct": "ben", "username": "ben"})

    def on_upload(self, asked: Asked) -> Told:
        parts = asked.parts()
        name = str(len(self.media) + 1)
        description = parts.get("description", b"").decode()
        self.media[name] = {"id": name, "description": description, "size": len(parts["file"])}
        self.media[name]["wait"] = self.processing
        return Told({"id": name, "url": None}, 202 if self.processing else 200)

    def on_picture(self, asked: Asked, name: str) -> Told:
        self.media[name]["wait"] -= 1
        return Told({"id": name}, 206 if self.media[name]["wait"] > 0 else 200)

    def on_publish(self, asked: Asked) -> Told:
        told, key = asked.json(), asked.headers.get("idempotency-key", "")
        if key in self.keys:
            kept = self.keys[key]
            return no(404, "Record not found") if "gone" in kept else Told(kept)
        if len(told["status"]) > 5000:
            return no(422, "Validation failed: Text character limit of 500 exceeded")
        status = {
            "id": str(len(self.posts) + 1_000),
            "url": f"{self.url}/@ben/{len(self.posts) + 1_000}",
            "created_at": (clock.now() - self.behind).isoformat(),
            "in_reply_to_id": told.get("in_reply_to_id"),
            "content": as_html(told["status"]),
            "text": told["status"],
            "media_attachments": [self.media[name] for name in told.get("media_ids", [])],
            "favourites_count": 2,
            "replies_count": 1,
            "reblogs_count": 3,
        }
        self.posts.append(status)
        if self.keeps_keys:
            self.keys[key] = status
        return Told(status)

    def on_statuses(self, asked: Asked, account: str) -> Told:
        rows = [post for post in reversed(self.posts) if "gone" not in post]
        if before := asked.query.get("max_id"):
            rows = [post for post in rows if int(post["id"]) < int(before)]
        return Told(rows[: int(asked.query.get("limit", 20))])

    def on_status(self, asked: Asked, name: str) -> Told:
        rows = [post for post in self.posts if post["id"] == name and "gone" not in post]
        return Told(rows[0]) if rows else no(404, "Record not found")

    def on_delete(self, asked: Asked, name: str) -> Told:
        told = self.on_status(asked, name)
        if told.status == 200:
            told.document["gone"] = True
        return told


ROUTES = (
    ("GET", "/api/v([12])/instance", "instance"),
    ("POST", "/api/v1/apps", "app"),
    ("POST", "/oauth/token", "token"),
    ("GET", "/api/v1/accounts/verify_credentials", "me"),
    ("POST", "/api/v2/media", "upload"),
    ("GET", "/api/v1/media/([0-9]+)", "picture"),
    ("POST", "/api/v1/statuses", "publish"),
    ("GET", "/api/v1/accounts/([0-9]+)/statuses", "statuses"),
    ("GET", "/api/v1/statuses/([0-9]+)", "status"),
    ("DELETE", "/api/v1/statuses/([0-9]+)", "delete"),
)
OPEN = ("instance", "app", "token")


def as_html(text: str) -> str:
    """A text as Mastodon shows it: paragraphs, links in three pieces, mentions without domains."""

    def link(match: re.Match[str]) -> str:
        scheme, rest = match[1], match[2]
        return (
            f'<a href="{match[0]}"><span class="invisible">{scheme}</span>'
            f'<span class="ellipsis">{rest[:30]}</span>'
            f'<span class="invisible">{rest[30:]}</span></a>'
        )

    shown = html.escape(text.strip(), quote=True)
    shown = re.sub(r"(https?://)([^\s<]+)", link, shown)
    shown = re.sub(
        r"(?<!\w)@(\w+)@known\.example", r'<span>@<a href="#"><span>\1</span></a></span>', shown
    )
    shown = re.sub(r"(?<!\w)#(\w+)", r'<a href="/tags">#<span>\1</span></a>', shown)
    paragraphs = re.split(r"\n\n+", shown)
    return "".join(f"<p>{paragraph.replace(chr(10), '<br />')}</p>" for paragraph in paragraphs)
