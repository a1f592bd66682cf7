"""Cached reads: public answers kept under the version of what they are made from.

The version is taken first and the answer made second, so that a kept answer is never older than
its version. A write moves the version, so old answers are not asked for again: there is no
invalidation. What depends on the clock is kept until the instant before which the clock changes
nothing of it. Whatever is not a cached read is `private, no-store`.
"""

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial, wraps
from http import HTTPStatus
from typing import Any

from django.core.cache import BaseCache
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.middleware.cache import CacheMiddleware
from django.template.response import SimpleTemplateResponse
from django.utils.cache import has_vary_header, patch_vary_headers
from rest_framework.request import Request

from softfactory.kernel import clock, trace
from softfactory.kernel.db import generations
from softfactory.kernel.db.router import read_at
from softfactory.kernel.http.bodies import compress, encode_again
from softfactory.kernel.http.etags import (
    conditional,
    dated,
    known_dated_tag,
    known_tag,
    not_modified,
    release,
    until_of,
)
from softfactory.kernel.http.flights import made_once
from softfactory.kernel.http.ready import KEY, Basis, is_told_by_key, wanted_of
from softfactory.kernel.trace import CacheUse

PRIVATE = "private, no-store"
# A shared cache in front may be this far behind; the application itself never is.
PUBLIC = "public, max-age=0, s-maxage=1, stale-while-revalidate=5"
FOLLOWS_RELEASES = "release"  # the tag of what shows no rows
KEPT_SECONDS = 3600
MISSED = CacheUse("ready", "get", "miss")

type View = Callable[..., HttpResponse]

#: The groups that the cached reads of each module follow.
groups_in: defaultdict[str, set[str]] = defaultdict(set)


class Kept(HttpResponse):
    """An answer as it is kept; what does not follow the clock holds for good."""

    holds_until: datetime | None = None


class KeptWhileItHolds(CacheMiddleware):
    """Django's cache of pages, for one answer. What held until an instant that has come is made
    anew. `key_prefix` is the whole key and names all that an answer varies by, so that nobody has
    to look up first what that is.
    """

    cache: BaseCache
    key_prefix: str

    def process_request(self, request: Any) -> Kept | None:
        kept: Kept | None = self.cache.get(self.key_prefix)
        is_over = kept and kept.holds_until and clock.now() >= kept.holds_until
        return None if is_over else kept

    def process_response(self, request: Any, response: Any) -> HttpResponse:
        if response.status_code == HTTPStatus.OK and is_told_by_key(response):
            self.cache.set(self.key_prefix, response, KEPT_SECONDS)
        return response


def cached_reads(*groups: str, clocked: bool = False, strong: bool = False) -> Callable:
    """Keep the answers of a public view or viewset action while these generations stand.

    Without groups, an answer is kept for as long as this release runs. A group may name an argument
    of the route: `"calendar:{pk}"`. `clocked` is for what depends on
    the clock too: it holds until the first instant that is noted by `clock.note_change()` while it
    is made, or else for this minute, and its ETag contains that instant. With `strong`, the view
    sets the ETag of its one row; else the version is the ETag, a weak one. The view must be the
    same for everybody: looking at the session, asking for a CSRF token or setting a cookie is an
    error.
    """

    def decorate(view: View) -> View:
        groups_in[view.__module__].update(groups)

        @wraps(view)
        def read(*args: Any, **kwargs: Any) -> HttpResponse:
            *owner, request = args
            # A cookie that is no CSRF token makes Django set a new one; here nobody needs it.
            request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)
            if request.META.get(KEY):
                trace.note_cache(MISSED, 0.0)
            asked = time.monotonic()
            numbers = generations.numbers(*(group.format(**kwargs) for group in groups))
            trace.note_origin("kept")  # unless it is made below
            if numbers is None:
                return _make(view, owner, request, kwargs, clocked=clocked)

            def make(request: Any, **kwargs: Any) -> HttpResponse:
                made = partial(_make, view, owner, request, kwargs, clocked=clocked)
                return read_at(numbers, made)

            version = _version(numbers)
            part = "-part" if request.META.get("HTTP_HX_REQUEST") else ""
            tag = "" if strong else f'W/"{version}{part}"'
            known = known_dated_tag(request, tag) if clocked else known_tag(request, tag)
            if known:
                trace.note_origin("not_modified")
                basis = Basis(numbers, until_of(known) if clocked else None)
                return _public(_vary(not_modified(known), owner), basis)
            key = _key(request, version)
            cache: Any = KeptWhileItHolds(make, key_prefix=key)
            response = made_once(
                key,
                look=partial(cache.process_request, request),
                make=lambda: cache.process_response(request, make(request, **kwargs)),
            )
            if response.status_code == HTTPStatus.OK:
                generations.remember(numbers, asked)
            if tag:
                until = response.holds_until
                response.headers["ETag"] = dated(tag, until) if until else tag
            basis = Basis(numbers, response.holds_until)
            return _public(conditional(request, response), basis)

        return read

    return decorate


def _version(numbers: Mapping[str, int]) -> str:
    return "-".join([release(), *map(str, numbers.values())])


def _key(request: Any, version: str) -> str:
    """Name the answer to this request, to keep it, and to make it once for all who ask."""
    named = f"{version} {request.method} {wanted_of(request.META)}"
    return f"read:{hashlib.blake2s(named.encode(), digest_size=16).hexdigest()}"


def _make(
    view: View, owner: list, request: Any, kwargs: Mapping[str, Any], *, clocked: bool
) -> Kept:
    """The view's answer as bytes: rendered, compressed, and proven to be nobody's own."""
    trace.note_origin("made")
    now = clock.now()
    with clock.noting_changes() as changes:
        response = view(*owner, request, **kwargs)
        if owner:
            response = owner[0].finished(response)
        elif isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
            response.render()
    _refuse_personal(request, response)
    if changes and not clocked:
        raise ImproperlyConfigured(f"{request.path} is kept as if it did not follow the clock.")
    plain = Kept(response.content, status=response.status_code, headers=response.headers)
    if clocked:
        plain.holds_until = min(changes, default=clock.next_minute(now))
    _vary(plain, owner)
    compress(request, plain, encode_again)
    return plain


def _vary(response: HttpResponse, owner: list) -> HttpResponse:
    if not owner:  # a page, of which htmx may ask a part
        patch_vary_headers(response, ["HX-Request"])
    return response


def _refuse_personal(request: HttpRequest | Request, response: HttpResponse) -> None:
    session = getattr(request, "session", None)
    is_seen = session is not None and session.accessed
    if is_seen or "CSRF_COOKIE_NEEDS_UPDATE" in request.META or response.cookies:
        raise ImproperlyConfigured(f"{request.path} is cached, but looked at who asks.")


def _public(response: HttpResponse, basis: Basis) -> HttpResponse:
    if response.status_code in {200, 304}:
        response.headers["Cache-Control"] = PUBLIC
        # By which a CDN forgets it, where one is told what a write moved, or of a release.
        response.headers["Cache-Tag"] = ",".join(basis.numbers) or FOLLOWS_RELEASES
        response.is_public = True  # type: ignore[attr-defined]
        response.basis = basis  # type: ignore[attr-defined]
    return response


class PrivateByDefaultMiddleware:
    """Let nobody keep an answer that is not a cached read, or that became somebody's since."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_personal = bool(response.cookies) or has_vary_header(response, "Cookie")
        if is_personal or not getattr(response, "is_public", False):
            response.headers["Cache-Control"] = PRIVATE
        return response
