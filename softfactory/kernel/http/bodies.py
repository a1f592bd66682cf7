"""How large a body may come in, and how small it goes out."""

import gzip
import re
from collections.abc import Callable
from functools import lru_cache

import brotli
import zstandard
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from softfactory.kernel.fragments import Fragments
from softfactory.kernel.http.etags import with_encoding
from softfactory.kernel.http.problems import answer_problem

LEAST_BYTES = 500
MOST_ENCODED = 2_500_000  # bytes in each process: sixty pages, with what they were made from
COMPRESSIBLE = ("text/", "application/json", "application/problem+json", "image/svg+xml")
COMPRESSIBLE_EXACTLY = {"application/javascript", "application/vnd.oai.openapi+json"}

# Python reads no more than a few thousand digits as a number.
MOST_DIGITS = 20

QUALITY = re.compile(r"q=([01](?:\.\d{0,3})?)")

ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "zstd": lambda body: zstandard.ZstdCompressor(level=6).compress(body),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}


@lru_cache(maxsize=256)  # browsers send a handful of these lists
def preferred_encoding(accepted: str) -> str:
    """Return which of our encodings an Accept-Encoding header likes best, `""` for none.

    Equal liking is decided by our own order. Source: RFC 9110, section 12.5.3.
    """
    weights = dict(map(_weighed, accepted.lower().split(",")))
    anything = weights.get("*", 0.0)
    liked = {name: weights.get(name, anything) for name in ENCODERS}
    best = max(liked, key=lambda name: liked[name])
    return best if liked[best] > 0 and liked[best] >= weights.get("identity", 0.0) else ""


def _weighed(item: str) -> tuple[str, float]:
    """Return `("br", 0.5)` of `br;q=0.5`; a weight that is no number counts as 0."""
    name, _semicolon, parameter = (part.strip() for part in item.partition(";"))
    weight = QUALITY.fullmatch(parameter)
    return name, float(weight[1]) if weight else float(not parameter)


def is_compressible(response: HttpResponse) -> bool:
    """Tell whether compressing this answer makes it smaller and keeps it whole."""
    kind = response.headers.get("Content-Type", "")
    return (
        not response.streaming
        and not response.has_header("Content-Encoding")
        and len(response.content) >= LEAST_BYTES
        and (kind.startswith(COMPRESSIBLE) or kind.partition(";")[0] in COMPRESSIBLE_EXACTLY)
    )


#: Answers that are kept are made anew after any write; most come out as they were.
encoded = Fragments(MOST_ENCODED)


def encode_again(encoding: str, body: bytes) -> bytes:
    """Return the body in an encoding, for what is likely to have been encoded before."""
    return encoded.get((encoding, body), lambda: encode(encoding, body), beside=len(body))


def encode(encoding: str, body: bytes) -> bytes:
    """Return the body in an encoding."""
    return ENCODERS[encoding](body)


def compress(
    request: HttpRequest,
    response: HttpResponse,
    encode: Callable[[str, bytes], bytes] = encode,
) -> HttpResponse:
    """Encode the body as the client prefers, and name the encoding in a strong ETag."""
    if response.has_header("Content-Encoding"):
        return response
    patch_vary_headers(response, ["Accept-Encoding"])
    encoding = preferred_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    if not encoding or not is_compressible(response):
        return response
    response.content = encode(encoding, response.content)
    response.headers["Content-Encoding"] = encoding
    response.headers["Content-Length"] = str(len(response.content))
    if etag := response.headers.get("ETag"):
        response.headers["ETag"] = with_encoding(etag, encoding)
    return response


class CompressionMiddleware:
    """Compress every answer that is worth it; cached ones come compressed already.

    Accept-Encoding is reduced to the one encoding that will be used, so that whatever varies by
    it varies by four values and not by every browser's own list.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
        request.META["HTTP_ACCEPT_ENCODING"] = preferred_encoding(accepted)
        return compress(request, self.get_response(request))


def _most_bytes(request: HttpRequest) -> int:
    """A form that brings files has room for them, at the addresses that take any."""
    is_form = request.META.get("CONTENT_TYPE", "").startswith("multipart/form-data")
    if is_form and settings.UPLOADS_AT.match(request.path_info):
        return settings.UPLOAD_MAX_SIZE
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


# Whoever reads sends no body that anybody looks at.
READS = {"GET", "HEAD", "OPTIONS"}


class BodyLimitMiddleware:
    """Refuse a body that is too large, or of unknown length, before reading it.

    The server takes bodies in chunks, but Django reads as far as Content-Length says, and so would
    take them for empty. A proxy that buffers states the length of what came to it in chunks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        is_in_chunks = request.META.get("HTTP_TRANSFER_ENCODING") and length == "0"
        if is_in_chunks and request.method not in READS:
            detail = _("The body's length is missing. Send it whole, with Content-Length.")
            return answer_problem(request, 411, "length_required", detail)
        limit = _most_bytes(request)
        if length.isdecimal() and (len(length) > MOST_DIGITS or int(length) > limit):
            detail = _("The body has more than %(limit)s bytes. Send less at a time.")
            return answer_problem(request, 413, "too_large", detail % {"limit": limit})
        return self.get_response(request)
