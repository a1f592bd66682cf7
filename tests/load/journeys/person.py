"""What all people have in common: their habits, their luck, and who they are."""

from datetime import datetime
from itertools import count
from random import Random
from typing import Any

from locust import FastHttpUser, between
from locust.exception import StopUser

from tests.load.acknowledged import Acknowledged, Interval
from tests.load.checks import Unexpected
from tests.load.habits import HABITS, HURRIED
from tests.load.people import NobodyToPlay, People, people

#: What the site said yes to, in this process.
acknowledged = Acknowledged()

# Locust's workers number their people from 0, each for itself; these keep them apart.
APART = 1009

_cast: dict[str, People] = {}


def cast(host: str) -> People:
    """Return who takes part, looked up once; raises NobodyToPlay."""
    if host not in _cast:
        _cast[host] = people(host)
    return _cast[host]


class Person(FastHttpUser):
    """Somebody, with the habits that `habits.py` has for their class."""

    abstract = True
    network_timeout = connection_timeout = 30
    _numbers = count()

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if cls.abstract:
            return
        habit = HABITS[cls.__name__]
        cls.weight = habit.share
        cls.wait_time = between(*habit.think)
        cls.tasks = [getattr(cls, name) for name, n in habit.journeys.items() for _ in range(n)]
        cls._numbers = count()

    def on_start(self) -> None:
        worker = getattr(self.environment.runner, "worker_index", 0)
        self.number = next(self._numbers) + APART * max(worker, 0)
        self.dice = Random(f"{type(self).__name__} {self.number}")
        try:
            self.cast = cast(self.host)
        except NobodyToPlay as nobody:
            raise StopUser from nobody  # the start of the test has said why

    def think(self) -> None:
        """Look at what is there, before the next step."""
        self.wait()

    def some_chef(self) -> int:
        """Return a chef's id; the first ones are asked for most, as everywhere."""
        chefs = self.cast.chefs
        return chefs[int(self.dice.expovariate(4 / len(chefs))) % len(chefs)]

    def one_of(self, free: list[Any]) -> Any:
        """Choose a time: often the first one, where people meet."""
        return free[0] if self.dice.random() < HURRIED else self.dice.choice(free)


def sold_once(booking: int, chef: int, starts_at: datetime, ends_at: datetime) -> None:
    """Write down what was acknowledged; raises Unexpected if it was somebody's already."""
    if acknowledged.booked(booking, chef, Interval(starts_at, ends_at)):
        raise Unexpected("double booking")
