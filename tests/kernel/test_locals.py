"""What is kept for each thread is kept for it alone, by Python's own locals."""

import threading

import pytest
from asgiref.local import Local
from django.core.cache import caches
from django.db import connections
from django.urls import reverse
from django.utils import translation

from softfactory.kernel import locals as kept_locals


@pytest.fixture
def by_thread(monkeypatch):
    """Python's locals, until the end of the test, in the place of empty ones of asgiref's."""
    for owner, name in kept_locals.KEPT:
        assert isinstance(getattr(owner, name), Local), f"Django keeps {name} in another way"
        monkeypatch.setattr(owner, name, Local())
    kept_locals.keep_by_thread()


def in_a_thread(work):
    found = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.parametrize("handler", [connections, caches])
def test_each_thread_has_its_own_connections(by_thread, handler):
    ours = handler["default"]

    assert handler["default"] is ours
    assert in_a_thread(lambda: handler["default"]) is not ours
    assert handler.all(initialized_only=True) == [ours]


def test_each_thread_has_its_own_language(by_thread):
    with translation.override("ko"):
        assert translation.get_language() == "ko"
        assert in_a_thread(translation.get_language) == "en"
        assert in_a_thread(lambda: reverse("bookings:explore")) == "/coocook/explore"
