"""What the API makes of Accept and of OPTIONS: little, so that an address has one answer."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from rest_framework.exceptions import NotAcceptable
from rest_framework.metadata import BaseMetadata
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class PlainNegotiation(DefaultContentNegotiation):
    """Chooses a media type, never its parameters: REST framework would indent JSON by them, and
    what is kept for everybody would look as the first one wished.

    Where nothing fits, the view's first renderer answers all the same. Source: RFC 9110, 12.5.1.
    """

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], *args: Any
    ) -> tuple[BaseRenderer, str]:
        chosen, *others = renderers
        if others:
            with suppress(NotAcceptable):
                chosen, _as_asked = super().select_renderer(request, renderers, *args)
        return chosen, chosen.media_type


class MethodsOnly(BaseMetadata):
    """Answers OPTIONS with the Allow header alone; the schema tells the rest."""

    def determine_metadata(self, request: Request, view: Any) -> None:
        return None
