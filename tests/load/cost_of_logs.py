"""What one log line per request costs: CPU time with and without it, writing included.

.venv/bin/python -m tests.load.cost_of_logs 2>/dev/null
"""

import os
import statistics
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "softfactory.settings")
os.environ["LOG_FORMAT"] = "json"

import django
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from softfactory.kernel import request_log, trace

REQUESTS = 20_000
ROUNDS = 7
PATH = "/api/coocook/chefs"


def cpu_of(*, logged: bool) -> float:
    """Microseconds of CPU, of all threads, for each request through the middleware."""
    settings.LOG_REQUESTS = logged
    answer = request_log.RequestLogMiddleware(lambda request: response)
    response = HttpResponse(b"{}")
    request = RequestFactory().get(PATH)
    request.resolver_match = resolve(PATH)
    token = trace.begin("0123456789abcdef0123456789abcdef", request)
    begun = time.process_time()
    for number in range(REQUESTS):
        answer(request)
        if number % 500 == 0:  # sooner than anybody could send them
            request_log.lines.flush()
    request_log.lines.flush()
    spent = time.process_time() - begun
    trace.end(token)
    return spent / REQUESTS * 1e6


def main() -> None:
    django.setup()
    settings.SLOW_REQUEST_MS = 10**9
    rounds = [(cpu_of(logged=False), cpu_of(logged=True)) for _round in range(ROUNDS)]
    without, within = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(f"without {without:.2f} µs, with {within:.2f} µs, the line {within - without:.2f} µs")
    print(f"dropped {request_log.lines.dropped} of {REQUESTS * ROUNDS}")


if __name__ == "__main__":
    main()
