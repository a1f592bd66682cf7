"""Every request is measured: in flight while it is answered, counted when it is."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from monitoring import meters
from monitoring.routes import endpoint_of
from softfactory.kernel import trace

logger = logging.getLogger(__name__)


class MeasureMiddleware:
    """Count each answer into the meters; one that can't be counted is answered all the same."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        meters.make_room()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meters.begin()
        try:
            response = self.get_response(request)
        finally:
            meters.end()
        try:
            self._count(request, response)
        except Exception:
            logger.exception("An answer was not counted")
        return response

    def _count(self, request: HttpRequest, response: HttpResponse) -> None:
        current = trace.current()
        if current is not None:
            meters.count(
                endpoint_of(request),
                status=response.status_code,
                size=_size(response),
                seconds=current.seconds,
                trace=current,
            )


def _size(response: HttpResponse) -> int:
    """The bytes of the body; of one that is streamed, what its header says."""
    if response.streaming:
        return int(response.headers.get("Content-Length", 0))
    return len(response.content)
