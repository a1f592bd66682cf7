"""Requests' stories: which are kept, what they hold, how they are read and forgotten."""

import json
import logging
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.http import HttpResponse
from django.tasks import task
from django.urls import path

from monitoring.models import RequestStory
from monitoring.services import stories
from monitoring.services.stories import forget_old_stories, stories_of, why_kept
from softfactory.accounts.models import User
from softfactory.kernel import clock
from softfactory.kernel.http.problems import handler404, handler500
from softfactory.urls import urlpatterns as site_urlpatterns
from tests.monitoring.conftest import told
from tests.monitoring.makers import make_story

__all__ = ["handler404", "handler500", "urlpatterns"]

Why = RequestStory.Why
logger = logging.getLogger("softfactory.tests")

pytestmark = pytest.mark.django_db


@task
def work():
    """Nothing."""


def book(request):
    User.objects.filter(email="ana@example.test").exists()
    logger.warning("Late for ana@example.test")
    work.enqueue()
    return HttpResponse(status=201)


def broken(request):
    raise RuntimeError("a secret")


urlpatterns = [
    path("book/<key>", lambda request, key: book(request)),
    path("broken", broken),
    path("quiet", lambda request: HttpResponse()),
    *site_urlpatterns,
]


@pytest.fixture
def told_of(settings, monkeypatch):
    """Stories are left; `told_of()` writes what waits and returns what is kept."""
    settings.STORIES = True
    settings.STORY_PERCENT = 0
    settings.SLOW_REQUEST_MS = 60_000
    waiting = []
    monkeypatch.setattr(stories.stories, "put", waiting.append)

    def written():
        stories.write(waiting)
        waiting.clear()
        return list(RequestStory.objects.order_by("pk"))

    return written


class TestWhatIsKept:
    @pytest.mark.parametrize(
        ("why", "request_told"),
        [
            (Why.FAILED, told(status=500, method="POST")),
            (Why.SLOW, told(seconds=0.5, method="POST")),
            (Why.WARNED, told(lines=[{"level": "warning"}])),
            (Why.WRITE, told(method="POST")),
            (Why.WRITE, told(method="DELETE", status=404)),
            (None, told()),
            (None, told(method="HEAD", status=404, lines=[{"level": "info"}])),
        ],
    )
    def test_and_why(self, settings, why, request_told):
        settings.STORY_PERCENT = 0

        assert why_kept(request_told) == why

    def test_a_share_of_the_others(self, settings):
        settings.STORY_PERCENT = 100

        assert why_kept(told()) == Why.SAMPLED


@pytest.mark.urls(__name__)
class TestAStory:
    def test_holds_what_the_request_did(self, browse, ana, settings, told_of):
        settings.SLOW_QUERY_MS = 0
        browse(ana).post("/book/hunter2?token=hunter2", headers={"X-Request-ID": "mine"})

        (story,) = told_of()
        assert (story.request_id, story.method, story.route) == ("mine", "POST", "/book/{key}")
        assert (story.status, story.why, story.user_id) == (201, Why.WARNED, ana.pk)
        assert 0 < story.db_ms <= story.duration_ms
        assert story.query_count == sum(query["times"] for query in story.queries)
        places = [query["place"].rpartition(":")[0] for query in story.queries]
        assert places[-2:] == ["tests/monitoring/test_stories.py", "softfactory/kernel/tasks.py"]
        assert [line["event"] for line in story.lines] == ["Late for …"]
        kept = json.dumps([story.queries, story.lines, story.tasks])
        assert "hunter2" not in kept
        assert "ana@" not in kept

    def test_says_what_became_of_its_tasks(self, client, told_of):
        client.post("/book/x", headers={"X-Request-ID": "mine"})
        told_of()

        (story,) = stories_of("mine")
        assert [(t.path, t.status) for t in story.tasks] == [(f"{__name__}.work", "ready")]

    def test_of_an_error_has_its_line(self, client, told_of):
        client.raise_request_exception = False
        client.get("/broken")

        (story,) = told_of()
        assert (story.status, story.why) == (500, Why.FAILED)
        assert story.lines[-1]["level"] == "error"

    def test_knows_who_asked(self, api, ana, told_of):
        api(ana).post("/api/coocook/bookings", {})

        (story,) = told_of()
        assert (story.user_id, story.status) == (ana.pk, 400)

    def test_is_not_left_by_an_ordinary_request(self, client, told_of):
        client.get("/quiet")

        assert told_of() == []

    def test_that_cant_be_left_fails_no_request(self, client, settings, monkeypatch, caplog):
        settings.STORIES = True
        monkeypatch.setattr(stories, "tell", None)

        assert client.get("/quiet").status_code == 200
        assert "A request's story was not kept" in caplog.text

    def test_is_bounded(self, told_of):
        queries = [stories.Query(f"SELECT {number}", 0.001, "default") for number in range(200)]
        stories.tell(told(method="POST", queries=[*queries, queries[0]], route="/x" * 200))

        (story,) = told_of()
        assert (story.query_count, len(story.queries)) == (201, stories.MOST_QUERIES)
        assert len(story.route) == 200


def test_a_database_that_refuses_drops_and_counts(monkeypatch):
    def refuse(*_args, **_more):
        raise DatabaseError("disk full")

    monkeypatch.setattr("monitoring.services.stories.insert_batch", refuse)
    before = stories.stories.dropped
    stories.stories._waiting.append((told(method="POST"), Why.WRITE))
    stories.stories.flush()

    assert stories.stories.dropped == before + 1


class TestReading:
    PATH = "/api/monitoring/requests/mine"

    def test_staff_reads_it(self, api, dee, django_assert_max_num_queries):
        make_story(request_id="other")
        older = make_story(at=clock.now() - timedelta(hours=1), status=409)
        newer = make_story(tasks=["8c2b7b5e-8f0e-4f4e-9a5c-000000000000"])

        with django_assert_max_num_queries(4):
            answer = api(dee).get(self.PATH)

        assert answer.status_code == 200
        first, second = answer.json()["results"]
        assert (first["status"], second["status"]) == (newer.status, older.status)
        assert first["queries"] == newer.queries
        assert first["tasks"][0]["status"] == "forgotten"

    def test_nobody_else_does(self, api, ana):
        make_story()

        assert api().get(self.PATH).status_code == 401
        assert api(ana).get(self.PATH).status_code == 403

    def test_an_unknown_id_is_not_found(self, api, dee):
        assert api(dee).get("/api/monitoring/requests/absent").status_code == 404

    def test_by_command(self, capsys):
        make_story(
            user_id=7,
            lines=[{"at": "t", "level": "warning", "logger": "bookings", "event": "late"}],
            tasks=["8c2b7b5e-8f0e-4f4e-9a5c-000000000000"],
        )
        call_command("request_story", "mine")

        told = capsys.readouterr().out
        assert "POST /api/coocook/bookings → 201, kept because: slow" in told
        assert "6 ×   580.00 ms  bookings/api.py:4\n         SELECT %s" in told
        assert "WARNING  bookings: late" in told
        assert "user 7" in told
        assert "forgotten" in told

    def test_by_command_as_json(self, capsys):
        make_story()
        call_command("request_story", "mine", "--json")

        assert json.loads(capsys.readouterr().out)[0]["route"] == "/api/coocook/bookings"

    def test_by_command_without_one(self):
        with pytest.raises(CommandError, match="No story is kept under this id"):
            call_command("request_story", "absent")


class TestForgetting:
    def test_after_a_week(self):
        now = clock.now()
        make_story(at=now - timedelta(days=7, seconds=1))
        kept = make_story(at=now - timedelta(days=6))

        assert forget_old_stories(now) == 1
        assert list(RequestStory.objects.all()) == [kept]

    def test_the_oldest_when_there_are_too_many(self, monkeypatch):
        monkeypatch.setattr(stories, "MOST_KEPT", 1)
        make_story()
        kept = make_story()

        assert forget_old_stories(clock.now()) == 1
        assert list(RequestStory.objects.all()) == [kept]
