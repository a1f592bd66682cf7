"""Bodies that are JSON, and nothing else."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.utils.json import strict_constant

# Made once: `json.loads` makes one for each body that it is asked to read so strictly.
DECODER = json.JSONDecoder(parse_constant=strict_constant)


class StrictJSONParser(JSONParser):
    """JSON as RFC 8259 has it: no NaN, no nesting that exhausts the stack."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        try:
            return DECODER.decode(stream.read().decode())  # whatever charset is claimed
        except ValueError as error:
            raise ParseError(_("The body is not JSON. Check its brackets and quotes.")) from error
        except RecursionError as error:
            raise ParseError(_("The body is nested too deeply.")) from error
