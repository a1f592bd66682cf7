"""A small WordPress site: a repeated slug makes a second post, and a bin renames what is in it.

`numbers_slugs = False` lets two have the same slug, as the real one does when they come at once.
`has_bin = False` makes deleting final; `meanwhile` is called before a post is made, so that a test
can let somebody else be quicker.
"""

import base64
import re
from collections.abc import Callable
from typing import Any

from tests.networks.peer import Asked, Peer, Told

USERNAME, PASSWORD = "ben", "abcd efgh ijkl mnop qrst uvwx"


def no(code: str, status: int, message: str = "") -> Told:
    """A refusal, as WordPress has them."""
    return Told({"code": code, "message": message or code, "data": {"status": status}}, status)


class WordPressPeer(Peer):
    """See the module."""

    def __init__(self) -> None:
        super().__init__()
        self.passwords = {USERNAME: PASSWORD}
        self.may_publish = True
        self.has_bin = True
        self.numbers_slugs = True
        self.media: list[dict[str, Any]] = []
        self.made = 0
        self.meanwhile: Callable[[dict[str, Any]], None] = lambda _page: None

    def publishes(self, asked: Asked) -> bool:
        return (asked.method, asked.query.get("rest_route")) == ("POST", "/wp/v2/posts")

    def answer(self, asked: Asked) -> Told:
        if "rest_route" not in asked.query:
            return Told({"html": "a page"})
        username, _, password = base64.b64decode(asked.token).decode().partition(":")
        if self.passwords.get(username) != password:
            return no("incorrect_password", 401, "The provided password is invalid.")
        route = asked.query["rest_route"].removeprefix("/wp/v2/")
        name, _, number = route.partition("/")
        does = getattr(self, f"on_{asked.method.lower()}_{name}", None)
        return does(asked, number) if does else no("rest_no_route", 404)

    def on_get_users(self, asked: Asked, _me: str) -> Told:
        may = {"publish_posts": self.may_publish}
        return Told({"id": 1, "slug": "ben", "capabilities": may})

    def on_get_posts(self, asked: Asked, _number: str) -> Told:
        slugs = asked.query["slug"].split(",")
        rows = sorted(
            (one for one in self.posts if one["slug"] in slugs), key=lambda one: one["id"]
        )
        everything = asked.query.get("status") == "any"
        return Told([row for row in rows if row["status"] == "publish" or everything])

    def on_post_posts(self, asked: Asked, _number: str) -> Told:
        if not self.may_publish:
            return no("rest_cannot_publish", 403, "You may not publish.")
        page = asked.json()
        self.meanwhile(page)
        return Told(self.make(page), 201)

    def make(self, page: dict[str, Any]) -> dict[str, Any]:
        self.made += 1
        taken = {post["slug"] for post in self.posts}
        slug, again = page["slug"], 2
        while slug in taken and self.numbers_slugs:
            slug, again = f"{page['slug']}-{again}", again + 1
        post = page | {"id": 100 + self.made, "slug": slug, "link": f"{self.url}/{slug}/"}
        self.posts.append(post)
        return post

    def on_delete_posts(self, asked: Asked, number: str) -> Told:
        rows = [post for post in self.posts if str(post["id"]) == number]
        if not rows:
            return no("rest_post_invalid_id", 404)
        if "force" in asked.query:
            self.posts.remove(rows[0])
        elif not self.has_bin:
            return no("rest_trash_not_supported", 501)
        elif rows[0]["status"] == "trash":
            return no("rest_already_trashed", 410)
        else:
            rows[0].update(status="trash", slug=f"{rows[0]['slug']}__trashed")
        return Told(rows[0])

    def on_get_media(self, asked: Asked, _number: str) -> Told:
        return Told([one for one in self.media if one["slug"] == asked.query["slug"]])

    def on_post_media(self, asked: Asked, _number: str) -> Told:
        parts = asked.parts()
        name = re.search(rb'filename="([^"]+)"', asked.body)
        assert name
        one = {
            "id": 900 + len(self.media),
            "slug": parts["slug"].decode(),
            "alt_text": parts["alt_text"].decode(),
            "source_url": f"{self.url}/{name[1].decode()}",
            "size": len(parts["file"]),
        }
        self.media.append(one)
        return Told(one, 201)

    def on_get_comments(self, asked: Asked, _number: str) -> Told:
        return Told([], 200, {"X-WP-Total": "4"})
