"""Clocks race for the same payments, some are killed on the way: each is charged once."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from softfactory.kernel import clock
from tests.site import Site, throw_away_database

PAYMENTS = 60

# Every fourth card pays and loses the answer.
SET_UP = """
from softfactory.accounts.models import User
from softfactory.kernel import clock
from softfactory.kernel.money import Money
from softfactory.payments.models import Subject
from softfactory.payments.services.cards import add_card
from softfactory.payments.services.charging import request_payment
now = clock.now()
ana = User.objects.create_user("ana@example.test")
for number in range({payments}):
    add_card(user=ana, token="card_slow" if number % 4 == 0 else "card_ok", now=clock.now())
    request_payment(
        user=ana, amount=Money(1_000), subject=Subject("tests.order", number), attempt=1, now=now
    )
"""

# A clock that waits for the others. Some are killed after a charge, before they can write it down.
CLOCK = """
import os, signal, sys, time
from datetime import datetime
from pathlib import Path
from softfactory.kernel.registry import settled
from softfactory.payments.gateways.sandbox import SandboxGateway
from softfactory.payments.services.settling import settle_due_payments
settled.register("tests.order", lambda order, payment: None)
charges, charge = [], SandboxGateway.charge
def charge_and_perhaps_die(self, order):
    charges.append(order)
    try:
        return charge(self, order)
    finally:
        if len(charges) == {dies_at}:
            os.kill(os.getpid(), signal.SIGKILL)
SandboxGateway.charge = charge_and_perhaps_die
folder = Path("{folder}")
(folder / "{name}").touch()
while len(list(folder.iterdir())) < {clocks}:
    time.sleep(0.001)
settle_due_payments(now=datetime.fromisoformat("{now}"), at_once=1_000)
"""

COUNT = """
import json
from softfactory.payments.models import LedgerTransaction, Payment, SandboxCharge
print(json.dumps({
    "charges": SandboxCharge.objects.count(),
    "paid": Payment.objects.filter(state="succeeded").count(),
    "posted": LedgerTransaction.objects.filter(kind="charge").count(),
}))
"""


@pytest.fixture
def site(tmp_path):
    with throw_away_database(connection.vendor, tmp_path) as url:
        site = Site(tmp_path, url)
        yield site


def race(site, folder, now, *, dies_at):
    """Run a clock for each of these at once; return how many of them were killed."""
    folder.mkdir()
    shared = {"folder": folder, "clocks": len(dies_at), "now": now.isoformat()}
    rounds = enumerate(dies_at)
    return site.race([CLOCK.format(name=name, dies_at=at, **shared) for name, at in rounds])


def test_each_payment_is_charged_once_whoever_is_killed(site, tmp_path):
    now = clock.now()
    site.shell(SET_UP.format(payments=PAYMENTS))
    start = now + timedelta(minutes=1)

    assert race(site, tmp_path / "first", start, dies_at=(1, 2)) == 2
    for round_ in ("second", "third"):  # the third one asks about answers that the second lost
        start += timedelta(minutes=5)
        assert race(site, tmp_path / round_, start, dies_at=(0, 0, 0, 0)) == 0

    counts = json.loads(site.shell(COUNT))
    assert counts == {"charges": PAYMENTS, "paid": PAYMENTS, "posted": PAYMENTS}
    violations = json.loads(site.manage("verify", "--json"))["violations"]
    assert sum(violations.values()) == 0
