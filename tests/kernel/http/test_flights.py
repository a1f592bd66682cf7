"""Single flight: of many who miss at once, one makes it; nobody waits long, and never twice."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import caches

from softfactory.kernel.http import flights
from softfactory.kernel.http.flights import made_once

RACERS = 8


class Kitchen:
    """Makes one thing, slowly: `made` says how often, and `waits` holds the cook up."""

    def __init__(self):
        self.kept, self.made, self.asked = None, 0, 0
        self.waits, self.cooks = threading.Event(), threading.Event()

    def look(self):
        self.asked += 1
        return self.kept

    def make(self):
        self.made += 1
        self.cooks.set()
        assert self.waits.wait(30)
        self.kept = "ready"
        return self.kept

    def refuse(self):
        self.made += 1
        raise ValueError("burnt")

    def ask(self, make=None):
        return made_once("dish", look=self.look, make=make or self.make)


@pytest.fixture
def kitchen():
    return Kitchen()


@pytest.fixture
def patient(monkeypatch):
    """Nobody gives up waiting, however busy the computer is."""
    monkeypatch.setattr(flights, "PATIENCE", 60)


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(flights, "PATIENCE", 0.01)


def race(kitchen, make=None):
    """Let all ask before the first has made it; returns the futures of their answers."""
    with ThreadPoolExecutor(RACERS) as threads:
        asking = [threads.submit(kitchen.ask, make) for _racer in range(RACERS)]
        kitchen.cooks.wait(30)
        kitchen.waits.set()
    return asking


def test_one_makes_it_for_all_who_ask_at_once(kitchen, patient):
    assert {asked.result() for asked in race(kitchen)} == {"ready"}
    assert kitchen.made == 1


def test_what_is_there_is_not_made(kitchen):
    kitchen.kept = "ready"

    assert kitchen.ask() == "ready"
    assert (kitchen.made, kitchen.asked) == (0, 1)


def test_whoever_missed_it_just_before_it_came_looks_again(kitchen):
    """Between the look and the claim somebody else lands."""
    kitchen.waits.set()

    def look():
        found = kitchen.look()
        if kitchen.asked == 1:
            kitchen.ask()
        return found

    assert made_once("dish", look=look, make=kitchen.make) == "ready"
    assert kitchen.made == 1


def test_who_fails_blocks_nobody(kitchen, patient):
    for asked in race(kitchen, make=lambda: kitchen.cooks.set() or kitchen.refuse()):
        assert isinstance(asked.exception(), ValueError)

    kitchen.waits.set()
    assert kitchen.ask() == "ready"


def test_who_takes_too_long_is_not_waited_for(kitchen, impatient):
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(kitchen.ask)
        kitchen.cooks.wait(30)
        assert kitchen.ask(lambda: "mine") == "mine"
        kitchen.waits.set()
        assert slow.result() == "ready"


def test_other_things_are_made_meanwhile(kitchen, patient):
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(kitchen.ask)
        kitchen.cooks.wait(30)
        assert made_once("soup", look=lambda: None, make=lambda: "soup") == "soup"
        kitchen.waits.set()
        assert slow.result() == "ready"


@pytest.mark.redis
class TestBetweenMachines:
    """Another machine is one that holds the lock in Redis."""

    @pytest.fixture
    def cache(self):
        return caches["default"]

    @pytest.fixture
    def held(self, cache):
        cache.set("flight:dish", 1, timeout=60)

    def test_one_that_brings_it_is_waited_for(self, kitchen, cache, held, patient):
        with ThreadPoolExecutor(1) as threads:
            asking = threads.submit(kitchen.ask)
            kitchen.kept = "theirs"
            cache.delete("flight:dish")

            assert asking.result() == "theirs"
        assert kitchen.made == 0

    def test_one_that_died_is_not_waited_for_long(self, kitchen, held, impatient):
        kitchen.waits.set()

        assert kitchen.ask() == "ready"

    def test_the_lock_is_given_back(self, kitchen, cache):
        kitchen.waits.set()
        kitchen.ask()

        assert not cache.has_key("flight:dish")

    def test_and_when_it_fails_too(self, kitchen, cache):
        with pytest.raises(ValueError, match="burnt"):
            kitchen.ask(kitchen.refuse)

        assert not cache.has_key("flight:dish")
