"""What every test stands on: the cast, the database it runs on, and clean caches."""

import os
import shutil
from collections import deque
from contextlib import contextmanager

import pytest
import time_machine
from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from monitoring.services.stories import stories
from softfactory.kernel import clock
from softfactory.kernel.db import kept
from softfactory.kernel.db.shared import shared_numbers
from softfactory.kernel.fragments import fragments
from tests import site

pytest_plugins = ["tests.cast"]

# No test asserts a time, nor does Hypothesis: a busy computer would fail it.
hypothesis_settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("untimed")


def pytest_collection_modifyitems(items):
    """Skip tests about the other database or absent Redis; mark browser/ as what it is."""
    for item in items:
        if "browser" in item.path.relative_to(item.config.rootpath).parts:
            item.add_marker("browser")
        for vendor in ("postgresql", "sqlite"):
            if item.get_closest_marker(vendor) and connection.vendor != vendor:
                item.add_marker(pytest.mark.skip(reason=f"about {vendor} alone"))
        if item.get_closest_marker("redis") and not settings.REDIS_URL:
            item.add_marker(pytest.mark.skip(reason="REDIS_URL names no Redis"))


def pytest_unconfigure():
    """Remove the folder that the run wrote into (tests/settings.py made it), and its templates."""
    site.tidy()
    shutil.rmtree(os.environ["VAR_DIR"], ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _end_sessions(django_db_setup, django_db_blocker):
    """No thread that a test left behind keeps PostgreSQL from dropping the test database."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"  # none may end the server's own
            )


@pytest.fixture(scope="session", autouse=True)
def _flush_what_is_never_deleted():
    """SQLite's rows are deleted between tests, past the triggers that keep them elsewhere.

    PostgreSQL truncates its tables, which no trigger of ours is asked about.
    """
    operations = type(connection.ops)
    flush = operations.execute_sql_flush

    def past_triggers(self, statements):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            flush(self, statements)
            for _name, sql in triggers:
                cursor.execute(sql)

    if connection.vendor == "sqlite":
        operations.execute_sql_flush = past_triggers
    yield
    operations.execute_sql_flush = flush


@pytest.fixture(autouse=True)
def _empty_caches():
    """No test sees what another one cached. On Redis, other runs keep theirs.

    The limits may be counted in the database, which not every test has; see `limits_on`.
    """
    for alias in settings.CACHES.keys() - {"limits"}:
        caches[alias].clear()
    shared_numbers().forget()
    kept.forget_everything()
    fragments.clear()


@pytest.fixture(autouse=True)
def _stories_wait(monkeypatch):
    """Stories wait for a test that flushes them: a thread would write them amid others' rows."""
    monkeypatch.setattr(stories, "_start", lambda: None)
    monkeypatch.setattr(stories, "_waiting", deque())


@pytest.fixture
def still():
    """The clock stands still, so that no minute ends between two requests."""
    with time_machine.travel(clock.now(), tick=False):
        yield


@pytest.fixture
def limits_on(db, settings):
    """Limits as they hold outside of tests, with nothing counted yet."""
    settings.RATE_LIMITED = True
    settings.ACCOUNT_RATE_LIMITS = {}  # allauth's own
    caches["limits"].clear()


class Killed(BaseException):
    """Nothing catches it."""


@pytest.fixture
def killed_at(monkeypatch):
    """`with killed_at("module.name")`: whoever calls that dies there."""

    @contextmanager
    def killing(name):
        def die(*_args, **_kwargs):
            raise Killed

        with monkeypatch.context() as patched:
            patched.setattr(name, die)
            with pytest.raises(Killed):
                yield

    return killing
