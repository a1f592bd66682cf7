"""What is away is let be, and asked now and then whether it is back."""

from types import SimpleNamespace

import pytest

from softfactory.kernel import breaker as module
from softfactory.kernel.breaker import Breaker

PAUSE = 2.0


@pytest.fixture
def clock(monkeypatch):
    """A clock to set."""
    now = [100.0]
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


@pytest.fixture
def breaker():
    return Breaker("Somebody", (ConnectionError, TimeoutError), pause=PAUSE)


def fail():
    raise TimeoutError("away")


def test_calls_pass_while_they_succeed(breaker):
    assert [breaker.call(max, number, 0) for number in (1, 2)] == [1, 2]


def test_after_a_failure_nothing_is_asked_until_the_pause_is_over(breaker, clock):
    asked = []
    with pytest.raises(TimeoutError, match="away"):
        breaker.call(fail)

    clock[0] += PAUSE - 0.01
    with pytest.raises(ConnectionError, match="Somebody did not answer a moment ago"):
        breaker.call(asked.append, 1)
    clock[0] += 0.01
    breaker.call(asked.append, 2)
    breaker.call(asked.append, 3)

    assert asked == [2, 3]


def test_a_failed_try_begins_another_pause(breaker, clock):
    for _time in range(3):
        with pytest.raises(TimeoutError, match="away"):
            breaker.call(fail)
        with pytest.raises(ConnectionError, match="a moment ago"):
            breaker.call(fail)
        clock[0] += PAUSE


def test_a_failure_that_was_met_elsewhere_counts(breaker, clock):
    breaker.note_failure(TimeoutError("away"))
    with pytest.raises(ConnectionError, match="a moment ago"):
        breaker.call(max, 1, 0)


def test_what_it_refuses_is_not_its_absence(breaker):
    for _time in range(2):
        with pytest.raises(ValueError, match="invalid"):
            breaker.call(int, "x")


def test_it_is_said_once(breaker, clock, caplog):
    for _time in range(3):
        with pytest.raises(TimeoutError):
            breaker.call(fail)
        clock[0] += PAUSE

    assert len(caplog.records) == 1
