"""Every request is measured: in flight while it is answered, counted and told when it is."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from monitoring import meters
from monitoring.routes import endpoint_of
from monitoring.services import stories
from softfactory.kernel import trace
from softfactory.kernel.requests import is_warm_up, known_user, route_of

logger = logging.getLogger(__name__)


class MeasureMiddleware:
    """Count each answer into the meters; one that can't be counted is answered all the same."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._has_room = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._has_room:  # under gunicorn each worker has it, as soon as it is forked
            self._has_room = True
            meters.make_room()
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
            if is_warm_up(request.META):
                current.forget_finding()  # hits and misses are of visitors
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


class StoryMiddleware:
    """Leave what a request did, to be written if it is worth reading."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        current = trace.current()
        if settings.STORIES and current is not None:
            try:
                self._tell(request, response, current)
            except Exception:
                logger.exception("A request's story was not kept")
        return response

    def _tell(self, request: HttpRequest, response: HttpResponse, current: trace.Trace) -> None:
        user = known_user(request)
        stories.tell(
            stories.Told(
                at=time.time(),
                request_id=current.request_id,
                method=request.method or "",
                route=route_of(request),
                status=response.status_code,
                seconds=current.seconds,
                database_seconds=current.database_seconds,
                user_id=user.pk if user else None,
                queries=current.queries,
                places=current.places,
                lines=current.lines,
                tasks=current.tasks,
            )
        )
