"""What silk may keep of a request: nothing that opens a door.

silk masks two headers, and fields by their names. It keeps query strings, secrets in paths, the
bodies of answers and the values in queries as they are; so the parts that write those are ours.
"""

import datetime
import json
import re
import sys
from base64 import b64encode
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import QueryDict
from silk import middleware, models, sql
from silk.model_factory import RequestModelFactory, ResponseModelFactory

from softfactory.kernel.secrets import masked, masked_path

FORM = "application/x-www-form-urlencoded"
JSON, PROBLEM = "application/json", "application/problem+json"

# Values whose sight helps to find an N+1 and opens nothing.
HARMLESS = (bool, int, float, Decimal, datetime.date, datetime.timedelta, type(None))
# What a plan quotes from a query.
QUOTED = re.compile(r"'(?:[^']|'')*'")


def masked_address(address: str) -> str:
    """Return an address (a Location, a Referer) with its path and query string masked."""
    parts = urlsplit(address)
    query = urlencode(masked_query(QueryDict(parts.query)))
    return parts._replace(path=masked_path(parts.path), query=query, fragment="").geturl()


def masked_query(given: QueryDict) -> dict[str, str]:
    """Return a query string's fields, masked; a value may itself be an address, as in `?next=`."""
    fields = masked(given.dict())
    return {
        name: masked_address(value) if value.startswith("/") else value
        for name, value in fields.items()
    }


def masked_headers(headers: Mapping[str, str]) -> str:
    """Return headers as JSON, their names in lower case."""
    kept = masked({name.lower(): value for name, value in headers.items()})
    for name in kept.keys() & {"hx-current-url", "hx-redirect", "location", "referer"}:
        kept[name] = masked_address(kept[name])
    return json.dumps(kept)


def masked_json(text: str | bytes) -> str:
    """Return a JSON object with its secrets masked; nothing, if it is none or too large."""
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(parsed, dict):
        return ""
    kept = json.dumps(masked(parsed), ensure_ascii=False, indent=1)
    return kept if len(kept) <= settings.SILKY_MAX_REQUEST_BODY_SIZE else ""


class MaskedRequest(RequestModelFactory):
    """Makes silk's row of a request."""

    def construct_request_model(self) -> models.Request:
        """Write the row; of bodies only forms and JSON, since other secrets have no names."""
        body = self._masked_body()
        return models.Request.objects.create(
            path=masked_path(self.request.path),
            query_params=json.dumps(masked_query(self.request.GET)) if self.request.GET else "",
            view_name=self.view_name(),
            method=self.request.method,
            encoded_headers=masked_headers(self.request.headers),
            body=body,
            raw_body=body,
        )

    def _masked_body(self) -> str:
        if self.request.content_type == FORM:
            return masked_json(json.dumps(self.request.POST.dict()))
        if self.request.content_type == JSON:
            return masked_json(self.request.body)
        return ""


class MaskedResponse(ResponseModelFactory):
    """Makes silk's row of an answer."""

    def construct_response_model(self) -> models.Response:
        """Write the row; of bodies only JSON: a page shows what is somebody's own."""
        kind = self.response.headers.get("Content-Type", "").partition(";")[0]
        body = masked_json(self.response.content) if kind in {JSON, PROBLEM} else ""
        return models.Response.objects.create(
            request_id=self.request.id,
            status_code=self.response.status_code,
            encoded_headers=masked_headers(self.response.headers),
            body=body,
            raw_body=b64encode(body.encode()).decode(),
        )


def shown(parameter: Any) -> str:
    """Return a query's parameter as silk may show it: texts, and what is like them, never."""
    return str(parameter) if isinstance(parameter, HARMLESS) else "…"


def explain_masked(*query: Any) -> str | None:
    """Return a query's plan without the texts that it quotes; none of a query that failed.

    PostgreSQL refuses whatever follows a failure in its transaction, which would hide the failure.
    """
    plan = None if sys.exception() else explain(*query)
    return plan and QUOTED.sub("'…'", plan)


explain = sql._explain_query


def install() -> None:
    """Take the places of silk's own parts, for which it has no setting."""
    middleware.RequestModelFactory = MaskedRequest
    middleware.ResponseModelFactory = MaskedResponse
    sql.force_str = shown
    sql._explain_query = explain_masked
