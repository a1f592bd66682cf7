"""Four clocks renew at once, and are killed: each period is billed once, whoever got how far."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from softfactory.kernel import clock
from tests.programs import eventually
from tests.site import ROOT, Site, throw_away_database

CUSTOMERS = 6
CLOCKS = 4
MONTHS = 6
KILLED_AT = (12,)  # invoices, of 36


@pytest.fixture
def site(tmp_path):
    """A site whose customers have begun a trial by the API, and their tokens."""
    with throw_away_database(connection.vendor, tmp_path) as url:
        site = Site(tmp_path, url)
        try:
            sizes = ("--users", str(CUSTOMERS), "--chefs", "1", "--bookings", "0")
            seeded = json.loads(site.manage("seed_demo", *sizes, "--json"))
            site.start()
            tokens = [user["token"] for user in seeded["users"] if user["role"] == "customer"]
            _subscribe_all(site, tokens)
            yield site, tokens
        finally:
            site.kill()


def _subscribe_all(site, tokens):
    products = site.call("GET", "/api/platform/products").json()["results"]
    plan = next(plan for plan in products[0]["plans"] if plan["interval"] == "month")
    for token in tokens:
        card = site.call("POST", "/api/platform/cards", {"token": "card_ok"}, token=token)
        assert card.status == 201, card.body
        path, body = "/api/platform/subscriptions", {"plan_id": plan["id"]}
        begun = site.call("POST", path, body, token=token)
        assert begun.status == 201, begun.body


def _clock(site, now):
    command = [sys.executable, "manage.py", "run_due", "--now", now.isoformat()]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        command, env=site.env, cwd=ROOT, stdout=quiet, stderr=quiet, start_new_session=True
    )


def _count(site, tokens):
    """How many invoices the customers see."""
    path = "/api/platform/invoices?limit=100"
    return sum(len(site.call("GET", path, token=token).json()["results"]) for token in tokens)


def _is_billed(site, tokens, invoices):
    return _count(site, tokens) >= invoices


def _billed(site):
    """The period starts of every invoice there is, by subscription."""
    script = (
        "import json; from subscriptions.models import Invoice;"
        "print(json.dumps(sorted([i.subscription_id, i.period_start.isoformat(), i.number]"
        " for i in Invoice.objects.all())))"
    )
    return json.loads(site.manage("shell", "--no-imports", "-c", script).splitlines()[-1])


def test_clocks_that_race_and_are_killed_bill_each_period_once(site):
    site, tokens = site
    now = clock.now() + timedelta(days=31 * MONTHS)
    for invoices in KILLED_AT:
        clocks = [_clock(site, now) for _ in range(CLOCKS)]
        eventually(partial(_is_billed, site, tokens, invoices), "The clocks bill nothing")
        for process in clocks:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    amid = _count(site, tokens)

    clocks = [_clock(site, now) for _ in range(CLOCKS)]
    assert {process.wait() for process in clocks} == {0}
    site.manage("run_due", "--now", (now - timedelta(hours=1)).isoformat())

    billed = _billed(site)
    periods = [(subscription, start) for subscription, start, _number in billed]
    assert len(set(periods)) == len(periods)
    per_subscription = {pk: sum(1 for row in billed if row[0] == pk) for pk, _start in periods}
    assert len(per_subscription) == CUSTOMERS
    assert len(set(per_subscription.values())) == 1, per_subscription
    assert sorted(number for *_row, number in billed) == list(range(1, len(billed) + 1))
    assert KILLED_AT[-1] <= amid < len(billed), "the kill came too late to matter"
    violations = json.loads(site.manage("verify", "--json"))["violations"]
    assert {name: count for name, count in violations.items() if count} == {}
