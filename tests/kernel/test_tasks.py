"""Background tasks: each remembers its request, and logs under that request's id."""

import logging
import signal

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.tasks import task
from django.urls import path
from django_tasks_db.models import DBTaskResult

from softfactory.kernel import trace
from softfactory.kernel.request_id import current_request_id

logger = logging.getLogger("softfactory.tests")


@task
def work(number):
    logger.warning("%d for %s", number, current_request_id())


def ask(request):
    request.seen = trace.current()
    request.task = work.enqueue(1)
    return HttpResponse()


urlpatterns = [path("ask", ask)]

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def said(caplog):
    """Runs what waits; returns what the tasks said."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)
    handlers = [signal.getsignal(number) for number in numbers]

    def run():
        call_command("db_worker", "--batch", "--no-startup-delay", "--worker-id=test")
        return [r.getMessage() for r in caplog.records if r.name == "softfactory.tests"]

    yield run
    for number, handler in zip(numbers, handlers, strict=True):
        signal.signal(number, handler)


def test_a_task_runs_under_the_id_of_its_request(client, said):
    client.get("/ask", headers={"X-Request-ID": "mine"})

    assert said() == ["1 for mine"]
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"
    assert trace.current() is None


def test_a_request_knows_its_tasks(client):
    request = client.get("/ask").wsgi_request

    assert request.seen.tasks == [str(DBTaskResult.objects.get().pk)] == [request.task.id]


def test_a_task_of_no_request_has_an_id_of_its_own(said):
    enqueued = work.enqueue(2)

    assert said() == [f"2 for task-{enqueued.id}"]
