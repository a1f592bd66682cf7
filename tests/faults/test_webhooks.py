"""Workers race for the same deliveries, some are killed on the way: each attempt is one worker's,
nothing is lost, and what comes twice comes under the same id.
"""

import json
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from softfactory.kernel import clock
from tests.receivers import http_receiver
from tests.site import Site, throw_away_database

ENDPOINTS = 4
EVENTS = 40

SET_UP = """
from softfactory.accounts.models import User
from softfactory.accounts.services.emitting import emit
from softfactory.accounts.services.endpoints import create_endpoint
from softfactory.kernel import clock
from softfactory.kernel.registry import told
told.register("tests.happened", lambda pk: {{"id": pk}})
for number in range({endpoints}):
    user = User.objects.create_user(f"user{{number}}@example.test")
    create_endpoint(user=user, url="{url}/in", types=["tests.happened"], now=clock.now())
    for pk in range({events} // {endpoints}):
        emit("tests.happened", pk, to=[user.pk], now=clock.now())
"""

# A worker that waits for the others. Some are killed after sending, before they can say so.
WORKER = """
import os, signal, time
from datetime import datetime
from pathlib import Path
from softfactory.accounts.services import delivering
from softfactory.accounts.models import WebhookDelivery
attempt_all, rounds = delivering._attempt_all, []
def attempt_and_perhaps_die(claimed, *, now):
    outcomes = attempt_all(claimed, now=now)
    rounds.extend([claimed] if claimed else [])
    if claimed and len(rounds) == {dies_at}:
        os.kill(os.getpid(), signal.SIGKILL)
    return outcomes
delivering._attempt_all = attempt_and_perhaps_die
folder, now = Path("{folder}"), datetime.fromisoformat("{now}")
(folder / "{name}").touch()
while len(list(folder.iterdir())) < {workers}:
    time.sleep(0.001)
while WebhookDelivery.objects.due(now=now).exists():
    delivering.deliver_due(now)
"""

COUNT = """
import json
from softfactory.accounts.models import WebhookAttempt, WebhookDelivery
from softfactory.kernel.registry import invariants
print(json.dumps({
    "states": list(WebhookDelivery.objects.values_list("state", flat=True)),
    "tries": list(WebhookDelivery.objects.values_list("tries", flat=True)),
    "attempts": WebhookAttempt.objects.count(),
    "violations": sum(count() for key, count in invariants.items() if key.startswith("accounts.")),
}))
"""


@pytest.fixture
def hook():
    with http_receiver() as receiver:
        yield receiver


@pytest.fixture
def site(tmp_path, hook):
    with throw_away_database(connection.vendor, tmp_path) as url:
        site = Site(tmp_path, url)
        site.env |= {"OUTBOUND_ALLOW": "127.0.0.1"}
        code = SET_UP.format(url=hook.url, endpoints=ENDPOINTS, events=EVENTS)
        site.shell(code)
        yield site


def race(site, folder, now, *, dies_at):
    """Run a worker for each of these at once; return how many of them were killed."""
    folder.mkdir()
    shared = {"folder": folder, "workers": len(dies_at), "now": now.isoformat()}
    rounds = enumerate(dies_at)
    return site.race([WORKER.format(name=name, dies_at=at, **shared) for name, at in rounds])


def count(site):
    return json.loads(site.shell(COUNT))


def test_workers_that_race_send_each_message_once(site, hook, tmp_path):
    race(site, tmp_path / "race", clock.now(), dies_at=[0, 0, 0, 0])

    ids = Counter(request.headers["webhook-id"] for request in hook.received)
    assert len(ids) == EVENTS
    assert set(ids.values()) == {1}
    counted = count(site)
    assert Counter(counted["states"]) == {"sent": EVENTS}
    assert set(counted["tries"]) == {1}
    assert (counted["attempts"], counted["violations"]) == (EVENTS, 0)


def test_what_a_killed_worker_sent_is_sent_again_under_its_id(site, hook, tmp_path):
    now = clock.now()
    # These two die before everything is sent, however they share it: at most 24 of the 40.
    assert race(site, tmp_path / "killing", now, dies_at=[1, 2]) == 2
    race(site, tmp_path / "beside", now, dies_at=[0, 0])
    assert set(count(site)["states"]) == {"sent", "waiting"}

    race(site, tmp_path / "after", now + timedelta(minutes=2), dies_at=[0, 0, 0, 0])

    bodies: dict[str, set[bytes]] = {}
    times = Counter()
    for request in hook.received:
        bodies.setdefault(request.headers["webhook-id"], set()).add(request.body)
        times[request.headers["webhook-id"]] += 1
    assert len(bodies) == EVENTS
    assert {len(of_one) for of_one in bodies.values()} == {1}
    assert set(times.values()) == {1, 2}
    counted = count(site)
    assert Counter(counted["states"]) == {"sent": EVENTS}
    assert (counted["attempts"], counted["violations"]) == (EVENTS, 0)
    assert sum(counted["tries"]) == sum(times.values())
