"""WordPress behind the protocol of networks."""

import base64
import time
from collections.abc import Collection, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sns.networks.addresses import site_of
from sns.networks.answers import answered, document_of, list_of, number, page, said, words
from sns.networks.calls import Body, Server
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
from sns.networks.wordpress.pages import blocks_of, slug_of, title_of
from sns.networks.written import with_link
from softfactory.kernel.outbound import Reply

# Works wherever WordPress is, whether or not it has addresses in words.
API: Final = "/?rest_route=/wp/v2/"
GONE: Final = (404, 410)
FOR_GOOD: Final = "&force=true"
WAITS: Final = (0.0, 0.2, 0.5, 1.0)  # seconds, while others take back the same
AGAIN: Final = range(2, 11)  # what WordPress numbers slugs with that are taken
MAY_NOT: Final = ("rest_cannot_create", "rest_cannot_publish", "rest_cannot_assign_sticky")
RULES: Final = Rules(
    unit="characters",
    most=None,
    pictures=PictureRules(most=20, most_bytes=2_000_000, longest_edge=2560),  # PHP's own limit
    has_titles=True,
)


class WordPress:
    """See the package."""

    key = "wordpress"
    name = "WordPress"
    default_server = ""
    credentials: tuple[Field, ...] = (
        Field("username", gettext_lazy("User name"), is_secret=False),
        Field(
            "app_password",
            gettext_lazy("Application password"),
            gettext_lazy("Made in WordPress under Users, Profile, Application passwords."),
        ),
    )
    has_consent = False
    has_facts = False
    honours_keys = False

    def rules(self, facts: Mapping[str, Any]) -> Rules:
        return RULES

    def facts(self, access: Access) -> Mapping[str, Any]:
        return access.facts

    def begin(self, server: str, *, redirect_uri: str, state: str) -> Consent:
        raise NetworkRefused("refused")

    def connect(self, server: str, credentials: Mapping[str, str]) -> Access:
        address = site_of(server)
        secrets = {name: credentials.get(name, "").strip() for name in ("username", "app_password")}
        site = Server(address, _authorization(secrets), _refusal_of_a_stranger)
        reply = site.read(f"{API}users/me", {"context": "edit"})
        told = document_of(reply)
        if not number(told.get("id")):
            raise NetworkRefused("wrong_server", said(reply), answered=answered(reply))
        may = told.get("capabilities")
        if isinstance(may, dict) and not may.get("publish_posts"):
            raise NetworkRefused("not_allowed", said(reply), answered=answered(reply))
        return Access(
            address, str(told.get("slug") or secrets["username"]), str(told["id"]), secrets
        )

    def check(self, content: Content, rules: Rules) -> list[Issue]:
        return issues_of(content, rules)

    def publish(self, access: Access, content: Content, key: str) -> Published:
        site, written = _site(access), with_link(content, RULES)
        slug = slug_of(written, key)
        if there := _there(site, slug):
            return _published(there)
        pictures = [picture for part in written.parts for picture in part.pictures]
        media = [_upload(site, picture, f"{slug}-{n}") for n, picture in enumerate(pictures, 1)]
        page: dict[str, Any] = {
            "title": title_of(written),
            "content": blocks_of(written, list(zip(pictures, media, strict=True))[1:]),
            "slug": slug,
            "status": "publish",
        }
        if media:
            page["featured_media"] = media[0]["id"]
        reply = site.write("POST", f"{API}posts", Body.of_json(page))
        made = document_of(reply)
        if not number(made.get("id")):
            raise NetworkUnsure(said(reply), answered=answered(reply))
        return _published(_there(site, slug) or made, reply)

    def find(
        self, access: Access, content: Content, key: str, *, known: Collection[str] = ()
    ) -> Published | None:
        there = _there(_site(access), slug_of(with_link(content, RULES), key))
        return _published(there) if there else None

    def delete(self, access: Access, remote_id: str) -> None:
        """Put it into the site's bin, if it has one."""
        site, path = _site(access), _path(remote_id)
        reply = site.write("DELETE", path, taking=(*GONE, 501), is_harmless=True)
        if reply.status == 501:
            site.write("DELETE", path + FOR_GOOD, taking=GONE, is_harmless=True)

    def reactions(self, access: Access, remote_id: str) -> Reactions | None:
        """Count the comments."""
        asked = {"post": remote_id, "per_page": "1"}
        reply = _site(access).read(f"{API}comments", asked, taking=(*GONE, 401, 403))
        total = reply.headers.get("X-WP-Total", "")
        is_total = reply.status == 200 and total.isdecimal() and len(total) < 10
        return Reactions(replies=int(total)) if is_total else None


def _authorization(secrets: Mapping[str, str]) -> dict[str, str]:
    pair = f"{secrets.get('username', '')}:{secrets.get('app_password', '')}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _site(access: Access) -> Server:
    return Server(access.server, _authorization(access.secrets), _refusal)


def _refusal(reply: Reply) -> NetworkRefused:
    code, reason, kept = document_of(reply).get("code"), said(reply), answered(reply)
    if reply.status == 401:
        return NetworkRefused("signed_out", reason, account_broken=True, answered=kept)
    if code in MAY_NOT:
        return NetworkRefused("not_allowed", reason, account_broken=True, answered=kept)
    if reply.status == 413 or code == "rest_upload_file_too_big":
        return NetworkRefused("too_large", reason, answered=kept)
    return NetworkRefused("content" if reply.status == 400 else "refused", reason, answered=kept)


def _refusal_of_a_stranger(reply: Reply) -> NetworkRefused:
    code = "wrong_credentials" if reply.status in (401, 403) else "wrong_server"
    return NetworkRefused(code, said(reply), answered=answered(reply))


def _there(site: Server, slug: str) -> dict[str, Any] | None:
    """Return the post of this slug, published or not; what lies in the bin has another.

    Two that were sent at once can both be there, with the same slug or a numbered one: the first
    stays, and the others are taken back, whoever looks. WordPress answers 500 to all but one who
    delete the same at once.
    """
    for wait in WAITS:
        time.sleep(wait)
        rows = _posts(site, slug)
        if len(rows) < 2:
            return rows[0] if rows else None
        for other in rows[1:]:
            path = _path(other["id"]) + FOR_GOOD
            site.write("DELETE", path, taking=(*GONE, 500), is_harmless=True)
    raise NetworkLater(_("There are two of it, and one can't be taken back yet."))


def _posts(site: Server, slug: str) -> list[dict[str, Any]]:
    slugs = [slug, *(f"{slug}-{number}" for number in AGAIN)]
    asked = {"slug": ",".join(slugs), "status": "any", "context": "edit", "per_page": "100"}
    rows = list_of(site.read(f"{API}posts", asked | {"orderby": "id", "order": "asc"}))
    return [row for row in rows if row.get("slug") in slugs and number(row.get("id"))]


def _upload(site: Server, picture: Picture, slug: str) -> dict[str, Any]:
    """Upload a picture, unless it is there already; return what the site says of it."""
    rows = list_of(site.read(f"{API}media", {"slug": slug}))
    if rows and number(rows[0].get("id")):
        return rows[0]
    name = f"{slug}.{picture.content_type.rpartition('/')[2]}"
    body = Body.of_picture(picture, name=name, slug=slug, alt_text=picture.alt)
    reply = site.write("POST", f"{API}media", body, is_harmless=True)
    media = document_of(reply)
    if not number(media.get("id")):
        raise NetworkLater(said(reply), answered=answered(reply))
    return media


def _path(remote_id: str | int) -> str:
    return f"{API}posts/{remote_id}"


def _published(post: Mapping[str, Any], reply: Reply | None = None) -> Published:
    return Published(words(post["id"]), page(post.get("link")), answered(reply) if reply else None)
