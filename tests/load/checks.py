"""What an answer has to be. Each check takes one and raises Unexpected if it is not that.

Messages name no row and no time, so that equal failures are counted together.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

PRIVATE = "private, no-store"
ENCODING = re.compile(r'-(?:br|zstd|gzip)"$')

CHEF = frozenset(
    "id owner_id name cuisine location timezone hourly_rate rating review_count".split()
)
BOOKING = frozenset(
    "id chef_id customer_id starts_at ends_at timezone duration_hours guests status total_price"
    " created_at".split()
)
REVIEW = frozenset("id rating text author_name created_at".split())
# Held: its payment is another process's to settle just now, or the bank asks its customer first.
MADE = {"held", "pending", "confirmed"}


class Unexpected(Exception):
    """An answer that was not what the site promises."""


class Answer:
    """What the site said; header names are in lower case."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @cached_property
    def text(self) -> str:
        return self.body.decode()

    @cached_property
    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Unexpected("the body is not JSON") from error

    @property
    def etag(self) -> str:
        return self.headers.get("etag", "")


type Check = Callable[[Answer], None]


def status(*allowed: int) -> Check:
    """Only these."""

    def check(answer: Answer) -> None:
        if answer.status == 429 and 429 not in allowed:
            raise Unexpected("429: limits are on; start the site with RATE_LIMITS=off")
        if answer.status not in allowed:
            raise Unexpected(f"{answer.status}{_code_of(answer)} instead of {_any_of(allowed)}")

    return check


def booking_or_refusal(answer: Answer) -> None:
    """A booking that takes the chef's time, or why there is none."""
    if answer.status == 201:
        _has(BOOKING, answer.json)
        if answer.json["status"] not in MADE:
            raise Unexpected("a new booking that is neither held, pending nor confirmed")
    elif answer.status == 409 and answer.json.get("code") != "slot_taken":
        raise Unexpected(f"409{_code_of(answer)} instead of slot_taken")
    elif answer.status == 422 and not answer.json.get("code"):
        raise Unexpected("422 without a code")


def public(answer: Answer) -> None:
    """Everybody may be shown it, so it sets no cookie."""
    if not answer.headers.get("cache-control", "").startswith("public, max-age=0"):
        raise Unexpected("a public answer that is not marked as such")
    if "set-cookie" in answer.headers:
        raise Unexpected("a public answer that sets a cookie")


def private(answer: Answer) -> None:
    """Nobody keeps it."""
    if answer.headers.get("cache-control") != PRIVATE:
        raise Unexpected(f"a personal answer that is not {PRIVATE}")


def immutable(answer: Answer) -> None:
    """A file whose name says its content is kept for good."""
    if "immutable" not in answer.headers.get("cache-control", ""):
        raise Unexpected("a hashed file that is not immutable")
    if not answer.body:
        raise Unexpected("an empty file")


def tagged(sent: str = "") -> Check:
    """Every GET has a tag; the one that was sent gets 304, with it and nothing else."""

    def check(answer: Answer) -> None:
        if not answer.etag:
            raise Unexpected("no ETag")
        if answer.status == 304 and (not sent or _opaque(answer.etag) != _opaque(sent)):
            raise Unexpected("304 for a tag that was not sent")
        if answer.status == 304 and answer.body:
            raise Unexpected("304 with a body")
        if answer.status == 200 and sent and _opaque(answer.etag) == _opaque(sent):
            raise Unexpected("200 with the tag that was sent")

    return check


def shows(text: str) -> Check:
    """A page that has this in it."""

    def check(answer: Answer) -> None:
        if text not in answer.text:
            raise Unexpected(f"a page without {text}")

    return check


def row(fields: frozenset[str]) -> Check:
    """One object with at least these fields."""

    def check(answer: Answer) -> None:
        _has(fields, answer.json)

    return check


def rows(fields: frozenset[str]) -> Check:
    """A page of a list, each row with at least these fields."""

    def check(answer: Answer) -> None:
        _has({"next", "previous", "results"}, answer.json)
        for one in answer.json["results"]:
            _has(fields, one)

    return check


def slots(answer: Answer) -> None:
    """Free times in their order, none of them twice."""
    _has({"slots"}, answer.json)
    starts = [slot["starts_at"] for slot in answer.json["slots"]]
    if starts != sorted(set(starts)):
        raise Unexpected("free times out of order, or twice")


def _has(fields: frozenset[str] | set[str], one: Any) -> None:
    missing = fields - one.keys() if isinstance(one, dict) else fields
    if missing:
        raise Unexpected(f"JSON without {', '.join(sorted(missing))}")


def _code_of(answer: Answer) -> str:
    """The code of a problem, with a space before it."""
    if "problem+json" not in answer.headers.get("content-type", ""):
        return ""
    return f" {answer.json.get('code')}"


def _any_of(allowed: tuple[int, ...]) -> str:
    return " or ".join(map(str, allowed))


def _opaque(etag: str) -> str:
    return ENCODING.sub('"', etag.removeprefix("W/"))
