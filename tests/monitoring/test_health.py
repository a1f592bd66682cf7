"""Health: alive without touching anything, ready only if all that the site stands on stands."""

import pytest
from django.core.cache import cache
from django.db import connection

from monitoring.services import health as services
from softfactory.kernel.registry import guards


def test_is_alive_without_touching_anything(client, django_assert_num_queries):
    answer = client.get("/api/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_is_ready(client):
    answer = client.get("/api/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": dict.fromkeys(("database", "cache", "tasks", "migrations", "guards"), True),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("name", list(services.QUESTIONS))
def test_is_not_ready_while_something_fails(client, monkeypatch, name):
    def fail():
        raise RuntimeError("a secret of the server")

    monkeypatch.setitem(services.QUESTIONS, name, fail)
    answer = client.get("/api/health/ready")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_ready"
    assert answer.json()["checks"][name] is False
    assert b"secret" not in answer.content


@pytest.mark.django_db
def test_a_cache_that_forgets_is_not_ready(monkeypatch):
    monkeypatch.setattr(cache, "get", lambda key: None)
    assert services.readiness()["cache"] is False


@pytest.mark.django_db
def test_an_unapplied_migration_is_not_ready():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'bookings'")
    assert services.readiness()["migrations"] is False


def test_a_lost_key_of_occupancy_is_not_ready(monkeypatch, db):
    monkeypatch.setattr(type(connection.introspection), "get_constraints", lambda *_a: {})
    assert all(stands() for key, stands in guards.items() if key != "bookings.occupancy")
    assert services.readiness()["guards"] is False
