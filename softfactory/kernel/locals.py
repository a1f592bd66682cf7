"""What Django keeps for each thread, looked up as Python itself does it.

Django keeps connections, caches, language and routes in locals of asgiref's, which ask each time
whether an event loop runs in this thread. That none does is told by an exception: thirty of them
for a booking. A server of WSGI has threads, and no event loop.
"""

import threading

from django.core.cache import caches
from django.db import connections
from django.urls import base as routes
from django.utils import timezone
from django.utils.translation import trans_real

KEPT = (
    (connections, "_connections"),
    (caches, "_connections"),
    (routes, "_prefixes"),
    (routes, "_urlconfs"),
    (timezone, "_active"),
    (trans_real, "_active"),
)


def keep_by_thread() -> None:
    """Begin anew with Python's own locals, in this process; what was open in this thread closes."""
    connections.close_all()
    caches.close_all()
    for owner, name in KEPT:
        setattr(owner, name, threading.local())
