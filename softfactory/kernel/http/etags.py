"""Entity tags: which version of a resource a client has, and which one it means to change.

A single row's tag is strong, `"<version>.<derived>[-<encoding>]"`: the version moves with edits,
the second part with the release and with columns that follow from other rows. Lists and pages
have weak tags; that of an answer which follows the clock ends in `-<microseconds since 1970>`, the
instant until which it holds. Source: RFC 9110, sections 8.8.3 and 13.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Protocol

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from django.utils.translation import gettext as _

from softfactory.kernel import clock
from softfactory.kernel.problems import PreconditionRequired

ENCODING_SUFFIX = re.compile(r'-(?:br|zstd|gzip)"$')
SHAPING = {".py", ".html", ".mo"}
KEPT_BY_304 = {"Cache-Control", "Content-Language", "Content-Location", "Vary"}
VERSION = re.compile(r'"(\d{1,18})\.')
UNTIL = re.compile(r'-(\d{1,17})"$')  # as many digits as there are dates for
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class HasVersion(Protocol):
    """A row as `kernel.db.models.Versioned` makes it."""

    version: int

    @property
    def derived(self) -> str: ...


@lru_cache(maxsize=1024)  # most rows show nothing derived
def digest(text: str) -> str:
    """Return 8 hexadecimal digits of `text`, for a tag."""
    return hashlib.blake2s(text.encode(), digest_size=4).hexdigest()


def release() -> str:
    """Return a digest of all that shapes an answer: code, libraries, templates, texts, assets.

    In development, where templates change under a running server, it is made anew each time.
    """
    return _release.__wrapped__() if settings.DEBUG else _release()


@cache
def _release() -> str:
    base = settings.BASE_DIR
    ours = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == base]
    folders = [*ours, base / "templates", base / "locale"]
    shaping = {path for folder in folders for path in folder.rglob("*") if path.suffix in SHAPING}
    shaping |= {base / "requirements" / "base.txt", base / "static" / "built" / "manifest.json"}
    total = hashlib.blake2s(digest_size=6)
    for path in sorted(shaping):
        total.update(path.read_bytes())
    return total.hexdigest()


def etag_of(row: HasVersion) -> str:
    """Return the strong tag of a row's representation, before any encoding."""
    return f'"{row.version}.{digest(release() + row.derived)}"'


def with_encoding(etag: str, encoding: str) -> str:
    """Name the encoding in a strong tag; a weak one means the same in all of them."""
    return etag if etag.startswith("W/") else f'{etag[:-1]}-{encoding}"'


def file_response(content: bytes, content_type: str, filename: str) -> HttpResponse:
    """Answer a file to keep, with a strong tag of its bytes."""
    headers = {
        "Content-Disposition": f'attachment; filename="{filename}"',
        "ETag": f'"{hashlib.blake2s(content, digest_size=8).hexdigest()}"',
    }
    return HttpResponse(content, content_type=content_type, headers=headers)


def matched_versions(request: HttpRequest) -> set[int] | None:
    """Return the versions that If-Match names, None for `*`, which means any.

    Raises PreconditionRequired without the header. A tag that is none of ours names no version,
    so that nothing matches it.
    """
    header = request.headers.get("If-Match")
    if header is None:
        raise PreconditionRequired(
            "if_match_missing",
            _("Send If-Match with the ETag of the version that you mean to change."),
        )
    if header.strip() == "*":
        return None
    found = (VERSION.match(etag) for etag in parse_etags(header))
    return {int(match[1]) for match in found if match}


def known_tag(request: HttpRequest, etag: str) -> str | None:
    """Return the tag by which If-None-Match names the same as `etag`, in whatever encoding."""
    return known_tag_of(request.META.get("HTTP_IF_NONE_MATCH", ""), etag)


def known_tag_of(header: str, etag: str) -> str | None:
    """Return the same, given the header's text."""
    if header == etag:
        return etag
    tags = parse_etags(header)
    return next((tag for tag in tags if _opaque(tag) == _opaque(etag)), None)


def dated(etag: str, until: datetime) -> str:
    """Name in a tag the instant until which the answer holds."""
    return f'{etag[:-1]}-{(until - EPOCH) // timedelta(microseconds=1)}"'


def until_of(tag: str) -> datetime | None:
    """Return the instant that a tag names so."""
    until = UNTIL.search(tag)
    return EPOCH + timedelta(microseconds=int(until[1])) if until else None


def known_dated_tag(request: HttpRequest, etag: str) -> str | None:
    """Return the tag by which If-None-Match names an answer of `etag` that holds now.

    No two answers of one version and address hold until the same instant.
    """
    now = clock.now()
    for tag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", "")):
        until = until_of(tag)
        is_of_version = _opaque(UNTIL.sub('"', tag)) == _opaque(etag)
        if until and is_of_version and now < until:
            return tag
    return None


def _opaque(etag: str) -> str:
    return ENCODING_SUFFIX.sub('"', etag.removeprefix("W/"))


def not_modified(etag: str, response: HttpResponse | None = None) -> HttpResponse:
    """Return 304 with the client's own tag, instead of `response` if that was made already."""
    answer = HttpResponseNotModified()
    if response is not None:
        answer.cookies = response.cookies
        answer.is_public = getattr(response, "is_public", False)  # type: ignore[attr-defined]
        for name in KEPT_BY_304 & response.headers.keys():
            answer.headers[name] = response.headers[name]
    answer.headers["ETag"] = etag
    return answer


def conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return 304 if the client has this answer already, else the answer itself."""
    etag = response.headers.get("ETag")
    if etag is None or response.status_code != HTTPStatus.OK:
        return response
    is_any = request.META.get("HTTP_IF_NONE_MATCH", "").strip() == "*"
    known = etag if is_any else known_tag(request, etag)
    return not_modified(known, response) if known else response


class EntityTagMiddleware:
    """Give every answer to a GET a tag, a weak one of its body if it has none, and heed it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in {204, 304}:
            response.headers.pop("Content-Length")  # of a body that is not there
        if (
            request.method not in {"GET", "HEAD"}
            or response.status_code != 200
            or response.streaming
        ):
            return response
        if not response.has_header("ETag"):
            body = hashlib.blake2s(response.content, digest_size=8).hexdigest()
            response.headers["ETag"] = f'W/"{body}"'
        return conditional(request, response)
