"""Makers of what monitoring keeps: what a test does not name has a sensible, always equal value."""

import itertools
from datetime import timedelta
from typing import Any

from monitoring.models import AlertChannel, AlertRule, RequestStory
from softfactory.kernel import clock

_serial = itertools.count(1)


def make_rule(**overrides: Any) -> AlertRule:
    """A rule: more than 1 % errors over 5 minutes, for a minute; good again for 2 minutes."""
    values = {
        "key": f"rule-{next(_serial)}",
        "name": "Too many errors",
        "metric": AlertRule.Metric.ERROR_RATE,
        "threshold": 1,
        "recovers_at": 0.5,
        "least_requests": 10,
        "look_at": "The log.",
    }
    return AlertRule.objects.create(**values | overrides)


def make_channel(address: str = "dee@example.test", **overrides: Any) -> AlertChannel:
    """An e-mail address that is told of alerts; a webhook, if the address is one."""
    values = {"address": address}
    if "://" in address:
        secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        values |= {"kind": AlertChannel.Kind.WEBHOOK, "secret": secret}
    return AlertChannel.objects.create(**values | overrides)


def make_story(**overrides: Any) -> RequestStory:
    """What a slow write did, a minute ago."""
    values = {
        "request_id": "mine",
        "at": clock.now() - timedelta(minutes=1),
        "method": "POST",
        "route": "/api/coocook/bookings",
        "status": 201,
        "duration_ms": 612.5,
        "db_ms": 580.0,
        "why": RequestStory.Why.SLOW,
        "query_count": 6,
        "queries": [{"sql": "SELECT %s", "times": 6, "ms": 580.0, "place": "bookings/api.py:4"}],
    }
    return RequestStory.objects.create(**values | overrides)
