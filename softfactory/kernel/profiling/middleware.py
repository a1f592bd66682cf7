"""silk, as it may run here: on a share of the requests, masked, and never on its own pages."""

import random
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.db import connections
from django.http import Http404, HttpRequest
from silk.middleware import SilkyMiddleware, config

from softfactory.kernel.profiling import masks, queries

# Asked for by machines, all day long; nobody looks for a slow query there.
NOT_RECORDED = ("/silk/", "/static/", "/api/health", "/api/monitoring/", "/metrics")


def is_recorded(request: HttpRequest) -> bool:
    """Tell whether silk keeps this request: a share of them, and none of what machines ask."""
    if request.path_info.startswith(NOT_RECORDED):
        return False
    return random.random() * 100 < settings.SILK_PERCENT  # nosec B311


def may_look(user: object) -> bool:
    """Let staff see silk's pages; for others there are none."""
    if not getattr(user, "is_staff", False):
        raise Http404
    return True


class SilkMiddleware(SilkyMiddleware):
    """silk's middleware, with parts of ours where its own would keep secrets or miss queries."""

    def __call__(self, request: HttpRequest) -> Any:
        with ExitStack() as recording:
            for connection in connections.all():
                recording.enter_context(connection.execute_wrapper(queries.record))
            return super().__call__(request)


masks.install()
queries.install()
config.attrs |= {"SILKY_INTERCEPT_FUNC": is_recorded, "SILKY_PERMISSIONS": may_look}
