"""Libraries count what they make in attributes of a class; here they count beside it.

Python finds a class's attributes by its version, of which each class has a thousand. To set one of
them ends a version, and the next look at any of them begins one. So a class that counts runs out:
from then on it and all of its subclasses look up everything by going through their ancestors.
Django's fields had run out before the first request.

Source: MAX_VERSIONS_PER_CLASS in Objects/typeobject.c, since Python 3.13.
"""

from types import FunctionType, SimpleNamespace

from django.db.models import Field
from django.db.models.manager import BaseManager


def count_beside(cls: type, method: str, *counters: str) -> None:
    """Let a method that counts in these attributes of its class do so in those of another object.

    It is the same code. What it knows by the name of its class is that object, so it may use the
    name for nothing else.
    """
    counting: FunctionType = vars(cls)[method]
    beside = SimpleNamespace(**{counter: getattr(cls, counter) for counter in counters})
    known = {**counting.__globals__, cls.__name__: beside}
    anew = FunctionType(
        counting.__code__, known, method, counting.__defaults__, counting.__closure__
    )
    anew.__kwdefaults__ = counting.__kwdefaults__
    anew.__qualname__ = counting.__qualname__
    setattr(cls, method, anew)


def count_models_beside() -> None:
    """Let fields and managers count so, each query's too; called before there is any model."""
    count_beside(Field, "__init__", "creation_counter", "auto_creation_counter")
    count_beside(BaseManager, "_set_creation_counter", "creation_counter")
