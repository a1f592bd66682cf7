"""Alerts end to end: real requests fail, a real mail server and a real webhook hear of it, once.

Then four clocks race for the same alerts and deliveries.
"""

import json
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connection

from softfactory.kernel import clock
from tests.receivers import http_receiver, mail_receiver
from tests.site import Site, throw_away_database

CLOCKS = 4
RULES = 5

SET_UP = """
from monitoring.models import AlertChannel, AlertRule
AlertChannel.objects.create(address="dee@example.test")
AlertChannel.objects.create(
    kind="webhook", address="{url}/hook", secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
)
AlertRule.objects.exclude(key="error-rate").update(is_enabled=False)
"""

# Readiness answers 503 while migrations are missing.
BREAK = "UPDATE django_migrations SET app = 'gone' WHERE app = 'bookings'"
MEND = "UPDATE django_migrations SET app = 'bookings' WHERE app = 'gone'"

# Tasks that nobody runs, so that the queue grows old.
AGE = """
from datetime import datetime
from django_tasks_db.models import DBTaskResult, get_date_max
from monitoring.models import AlertRule
AlertRule.objects.update(is_enabled=False)
for number in range({rules}):
    AlertRule.objects.create(
        key=f"rule-{{number}}", name="Tasks wait", metric="task_queue_age", threshold=60,
        for_seconds=0, recover_seconds=0,
    )
DBTaskResult.objects.create(
    args_kwargs={{}}, task_path="", run_after=get_date_max(), backend_name="default",
    exception_class_path="", traceback="",
)
"""
EMPTY = "from django_tasks_db.models import DBTaskResult; DBTaskResult.objects.all().delete()"

# A clock that waits until the others are there too, and then does what run_due does.
CLOCK = """
import sys, time
from datetime import datetime, timedelta
from pathlib import Path
from softfactory.kernel.registry import due
now, folder = datetime.fromisoformat("{now}"), Path("{folder}")
works = [work for key, work in due.items() if key in ("monitoring.alerts", "monitoring.deliveries")]
(folder / "{name}").touch()
while len(list(folder.iterdir())) < {clocks}:
    time.sleep(0.001)
for seconds in range(0, 60, 5):
    for work in works:
        work(now + timedelta(seconds=seconds))
"""


@pytest.fixture
def post():
    with mail_receiver() as receiver:
        yield receiver


@pytest.fixture
def hook():
    with http_receiver() as receiver:
        yield receiver


@pytest.fixture
def site(tmp_path, post, hook):
    """A site that sends to both receivers; only the rule about errors is watched."""
    with throw_away_database(connection.vendor, tmp_path) as url:
        site = Site(tmp_path, url)
        site.env |= {"OUTBOUND_ALLOW": "127.0.0.1", "EMAIL_URL": f"smtp://127.0.0.1:{post.port}"}
        site.shell(SET_UP.format(url=hook.url))
        try:
            yield site
        finally:
            site.kill()


def execute(site: Site, sql: str) -> None:
    code = f"from django.db import connection; connection.cursor().execute({sql!r})"
    site.shell(code)


def told(hook, post) -> tuple[list[str], list[str]]:
    """What arrived: the types of the webhook's messages, and the mails' subjects."""
    types = [json.loads(request.body)["type"] for request in hook.received]
    return types, [str(message["Subject"]) for message in post.received]


def test_an_alert_fires_is_delivered_once_and_resolves(site, hook, post):
    site.start()
    start = clock.now()

    def turn(seconds):
        """What the clock does so many seconds after the start."""
        site.manage("run_due", "--now", (start + timedelta(seconds=seconds)).isoformat())

    def ask(status):
        answers = [site.call("GET", "/api/health/ready").status for _number in range(60)]
        assert set(answers) == {status}

    turn(0)
    execute(site, BREAK)
    ask(503)
    turn(15)
    assert told(hook, post) == ([], [])
    for seconds in (75, 90):
        turn(seconds)
    assert told(hook, post) == (["alert.firing"], ["Alert #1: Error rate"])
    execute(site, MEND)
    ask(200)
    for seconds in (390, 690, 705):
        ask(200)
        turn(seconds)
    assert told(hook, post) == (
        ["alert.firing", "alert.resolved"],
        ["Alert #1: Error rate", "Re: Alert #1: Error rate"],
    )
    fired = json.loads(hook.received[0].body)["data"]
    assert fired["value"] > 90
    assert "Error rate" in post.received[0].get_body("plain").get_content()


def race(site: Site, folder, now: datetime) -> None:
    """Let all clocks run through the same minute at the same time."""
    folder.mkdir()
    shared = {"now": now.isoformat(), "folder": folder, "clocks": CLOCKS}
    assert site.race([CLOCK.format(name=name, **shared) for name in range(CLOCKS)]) == 0


def rows(site: Site, model: str, *columns: str) -> list[list]:
    code = (
        f"import json; from monitoring.models import {model}; "
        f"print(json.dumps(list({model}.objects.values_list(*{columns!r}))))"
    )
    return json.loads(site.shell(code))


def test_clocks_that_race_fire_and_tell_once(site, hook, post, tmp_path):
    site.shell(AGE.format(rules=RULES))
    now = clock.now() + timedelta(minutes=5)

    race(site, tmp_path / "firing", now)
    assert Counter(state for (state,) in rows(site, "Alert", "state")) == {"firing": RULES}
    assert Counter(told(hook, post)[0]) == {"alert.firing": RULES}
    assert len(post.received) == RULES

    site.shell(EMPTY)
    race(site, tmp_path / "resolved", now + timedelta(minutes=5))
    assert Counter(state for (state,) in rows(site, "Alert", "state")) == {"resolved": RULES}
    assert Counter(told(hook, post)[0]) == {"alert.firing": RULES, "alert.resolved": RULES}
    assert len(post.received) == 2 * RULES
    sent = rows(site, "AlertDelivery", "state", "attempts")
    assert Counter(map(tuple, sent)) == {("sent", 1): 4 * RULES}
    assert len({request.headers["webhook-id"] for request in hook.received}) == 2 * RULES
