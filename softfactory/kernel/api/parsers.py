"""Bodies that are JSON, and nothing else."""

from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class StrictJSONParser(JSONParser):
    """JSON as RFC 8259 has it: no NaN, no nesting that exhausts the stack."""

    strict = True

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        utf8 = {**(parser_context or {}), "encoding": "utf-8"}  # whatever charset is claimed
        try:
            return super().parse(stream, media_type, utf8)
        except ParseError as error:
            raise ParseError(_("The body is not JSON. Check its brackets and quotes.")) from error
        except RecursionError as error:
            raise ParseError(_("The body is nested too deeply.")) from error
