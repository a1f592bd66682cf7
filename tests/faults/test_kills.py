"""The server is killed under load: whatever was acknowledged is there, and nothing is doubled."""

import json
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time

from softfactory.kernel import clock

# Books, and dies when all is written, letters too, and nothing is committed.
DIES_BEFORE_COMMIT = """
import os, signal
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

commit = BaseDatabaseWrapper._commit

def die(self):
    cursor = self.connection.cursor()
    tables = ("bookings_letter", "bookings_occupancy", "kernel_idempotencykey")
    cursor.execute("SELECT " + " * ".join(f"(SELECT count(*) FROM {{t}})" for t in tables))
    if cursor.fetchone()[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    commit(self)

BaseDatabaseWrapper._commit = die
headers = {{"Authorization": "Bearer {token}", "Idempotency-Key": "{key}"}}
Client().post("/api/coocook/bookings", {body!r}, "application/json", headers=headers)
"""
COUNT = """
from bookings.models import Booking, Letter, Occupancy
from softfactory.kernel.models import IdempotencyKey
print([model.objects.count() for model in (Booking, Occupancy, Letter, IdempotencyKey)])
"""

BOOKINGS = 60
ACKNOWLEDGED = 10  # before the kill


def test_a_killed_server_loses_nothing_and_doubles_nothing(stage):
    first = datetime.combine(clock.now().date() + timedelta(days=5), clock_time(), tzinfo=UTC)
    requests = [
        (
            str(uuid.UUID(int=number)),
            {
                "chef_id": stage.chef,
                "starts_at": (first + timedelta(hours=3 * number)).isoformat(),
                "guests": 1,
            },
        )
        for number in range(BOOKINGS)
    ]

    def book(request):
        key, body = request
        return stage.site.call(
            "POST",
            "/api/coocook/bookings",
            body,
            token=stage.customers[0],
            headers={"Idempotency-Key": key},
        )

    is_time = threading.Semaphore(0)

    def book_and_tell(request):
        answer = book(request)
        if answer.status == 201:
            is_time.release()
        return answer

    def kill_amid():
        for _ in range(ACKNOWLEDGED):
            is_time.acquire()
        stage.site.kill()

    killer = threading.Thread(target=kill_amid)
    killer.start()
    with ThreadPoolExecutor(4) as threads:
        before = list(threads.map(book_and_tell, requests))
    for _ in range(ACKNOWLEDGED):  # whatever came of them, the killer gets its turn
        is_time.release()
    killer.join()
    stage.site.start()
    deadline = time.monotonic() + 180  # a request that was killed keeps its key for its lease

    def book_again(request):
        while (answer := book(request)).status == 409 and time.monotonic() < deadline:
            assert answer.json()["code"] == "idempotency_key_in_use", answer.body
            time.sleep(0.5)
        return answer

    with ThreadPoolExecutor(4) as threads:
        after = list(threads.map(book_again, requests))

    assert any(answer.status == 0 for answer in before), "the kill came too late to matter"
    assert {answer.status for answer in after} == {201}
    acknowledged = [a for a in zip(before, after, strict=True) if a[0].status == 201]
    assert len(acknowledged) >= ACKNOWLEDGED
    for then, now in acknowledged:
        assert now.body == then.body
        assert now.headers["Idempotency-Replayed"] == "true"
    assert len({answer.json()["id"] for answer in after}) == BOOKINGS
    violations = json.loads(stage.site.manage("verify", "--json"))["violations"]
    assert sum(violations.values()) == 0


def test_one_that_is_killed_before_its_commit_leaves_nothing(stage):
    starts_at = datetime.combine(clock.now().date() + timedelta(days=5), clock_time(), tzinfo=UTC)
    body = {"chef_id": stage.chef, "starts_at": starts_at.isoformat(), "guests": 1}
    token = stage.customers[0]
    dies = DIES_BEFORE_COMMIT.format(token=token, key="k1", body=json.dumps(body))

    assert stage.site.race([dies]) == 1
    assert json.loads(stage.site.shell(COUNT)) == [0, 0, 0, 0]

    headers = {"Idempotency-Key": "k1"}
    answer = stage.site.call("POST", "/api/coocook/bookings", body, token=token, headers=headers)
    assert answer.status == 201, answer.body
    assert "Idempotency-Replayed" not in answer.headers
    [bookings, _ticks, letters, keys] = json.loads(stage.site.shell(COUNT))
    assert (bookings, letters, keys) == (1, 2, 1)
