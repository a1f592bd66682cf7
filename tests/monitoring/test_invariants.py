"""Invariants are counted once a minute, and one that fails keeps what it said before."""

from datetime import timedelta

import pytest
from django.db import DatabaseError

from monitoring.services import invariants as module
from monitoring.services.invariants import count_invariants, violations
from softfactory.kernel.registry import Registry

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def counts(monkeypatch):
    """Two invariants, whose violations the test sets."""
    set_by_test = {"a.one": 0, "b.two": 2}
    registry = Registry()
    for name in set_by_test:
        registry.register(name, lambda name=name: _violations(set_by_test[name]))
    monkeypatch.setattr(module, "invariants", registry)
    return set_by_test


def _violations(number):
    if number is None:
        raise DatabaseError("too slow")
    return number


def test_are_counted_once_a_minute(now, counts):
    assert count_invariants(now) == 2
    assert count_invariants(now + MINUTE / 2) == 0
    assert violations() == {"a.one": 0, "b.two": 2}

    counts["b.two"] = 0
    assert count_invariants(now + MINUTE) == 2
    assert violations() == {"a.one": 0, "b.two": 0}


def test_one_that_can_not_be_counted_keeps_its_count(now, counts, caplog):
    count_invariants(now)
    counts["b.two"] = None
    count_invariants(now + MINUTE)

    assert violations() == {"a.one": 0, "b.two": 2}
    assert "b.two could not be counted" in caplog.text


def test_one_that_was_never_counted_has_no_number(counts):
    assert violations() == {"a.one": None, "b.two": None}
