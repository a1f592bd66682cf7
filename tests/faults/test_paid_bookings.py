"""Chefs and customers decide at once about bookings that are paid, clocks settle, and some are
killed at the bank: what was taken is what the outcome of each booking says.
"""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection

from softfactory.kernel import clock
from tests.site import ROOT, Site, throw_away_database

BOOKINGS = 24
PROCESSES = 4
# Of two hours and one guest: 230,000. Six days ahead, 10 % is kept.
DEPOSIT, KEPT = 69_000, 23_000

SET_UP = """
from bookings.models import AvailabilityRule, Chef
from bookings.services.chefs import replace_policy
from bookings.services.paying import conclude
from bookings.services.requesting import BookingRequest, request_bookings
from datetime import timedelta
from softfactory.accounts.models import User
from softfactory.kernel import clock
from softfactory.payments.services.cards import add_card
now = clock.now()
ana = User.objects.create_user("ana@example.test")
ben = User.objects.create_user("ben@example.test")
add_card(user=ana, token="card_ok", now=now)
noon = (now + timedelta(days=6)).replace(hour=12, minute=0, second=0, microsecond=0)
requests = []
for number in range({bookings}):
    chef = Chef.objects.create(
        owner=ben, name=str(number), cuisine="Korean", location="Seoul", timezone="UTC",
        session_rate_amount=100_000, hourly_rate_amount=50_000, price_per_guest_amount=30_000,
    )
    AvailabilityRule.objects.bulk_create(
        AvailabilityRule(chef=chef, weekday=day, starts=0, ends=1440) for day in range(7)
    )
    terms = {{"upfront_percent": 30, "balance": "after", "tiers": [[10, 0], [4, 10]]}}
    replace_policy(chef=chef, versions=None, terms=terms)
    requests.append(BookingRequest(chef_id=chef.pk, starts_at=noon))
for request in requests:
    conclude(request_bookings(customer=ana, requests=[request], now=now), now=now)
"""

# Decides at random, and settles in between. Some are killed after the bank has done its part.
DECIDE = """
import os, signal, time
from contextlib import suppress
from pathlib import Path
from random import Random
from bookings.models import Booking
from bookings.services.deciding import cancel_booking, confirm_booking, decline_booking
from softfactory.accounts.models import User
from softfactory.kernel import clock
from softfactory.kernel.problems import DomainError
from softfactory.payments.gateways.sandbox import SandboxGateway
from softfactory.payments.services.refunding import settle_due_refunds
from softfactory.payments.services.settling import settle_due_payments
calls = []
def dying(act):
    def do(*args, **kwargs):
        calls.append(act)
        try:
            return act(*args, **kwargs)
        finally:
            if len(calls) == {dies_at}:
                os.kill(os.getpid(), signal.SIGKILL)
    return do
for name in ("capture", "void", "refund"):
    setattr(SandboxGateway, name, dying(getattr(SandboxGateway, name)))
folder = Path("{folder}")
(folder / "{name}").touch()
while len(list(folder.iterdir())) < {processes}:
    time.sleep(0.001)
rng = Random({name})
ana, ben = (User.objects.get(email=f"{{who}}@example.test") for who in ("ana", "ben"))
bookings = list(Booking.objects.with_parties())
for _round in range(2):
    rng.shuffle(bookings)
    for booking in bookings:
        acts = [(confirm_booking, ben), (confirm_booking, ben), (decline_booking, ben)]
        acts += [(cancel_booking, ana), (cancel_booking, ben)]
        decide, by = rng.choice(acts)
        with suppress(DomainError):
            decide(booking=booking, by=by, now=clock.now())
        if rng.random() < 0.3:
            settle_due_payments(now=clock.now(), at_once=5)
            settle_due_refunds(now=clock.now(), at_once=5)
"""

SETTLE = """
from datetime import datetime
from softfactory.payments.services.refunding import settle_due_refunds
from softfactory.payments.services.settling import settle_due_payments
now = datetime.fromisoformat("{now}")
settle_due_payments(now=now, at_once=1_000)
settle_due_refunds(now=now, at_once=1_000)
"""

COUNT = """
import json
from bookings.models import Booking
from softfactory.payments.models import Payment, SandboxCharge
charges = {charge.key: charge for charge in SandboxCharge.objects.all()}
rows = []
for booking in Booking.objects.all():
    net = 0
    for payment in Payment.objects.of_subject(Booking.SUBJECT, booking.pk):
        charge = charges[payment.key]
        net += charge.captured_amount - sum(charge.refunds.values())
    rows.append([booking.status, booking.kept_amount, booking.payment_status, net])
print(json.dumps(rows))
"""


@pytest.fixture
def site(tmp_path):
    with throw_away_database(connection.vendor, tmp_path) as url:
        site = Site(tmp_path, url)
        yield site


def run(site, script):
    return site.shell(script)


def decide(site, folder, *, dies_at):
    """Let processes decide at once; return how many of them were killed."""
    folder.mkdir()
    shared = {"folder": folder, "processes": len(dies_at)}
    running = [
        subprocess.Popen(
            [
                sys.executable,
                "manage.py",
                "shell",
                "--verbosity=0",
                "-c",
                DECIDE.format(name=number, dies_at=dies, **shared),
            ],
            env=site.env,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for number, dies in enumerate(dies_at)
    ]
    said = [process.communicate()[1] for process in running]
    codes = [process.returncode for process in running]
    assert set(codes) <= {0, -9}, said
    return codes.count(-9)


def test_what_was_taken_is_what_came_of_each_booking(site, tmp_path):
    run(site, SET_UP.format(bookings=BOOKINGS))

    assert decide(site, tmp_path / "race", dies_at=(3, 0, 5, 0)) == 2
    now = clock.now()
    for minutes in (5, 15, 30, 45):  # what was lost is asked about, and done again if need be
        run(site, SETTLE.format(now=(now + timedelta(minutes=minutes)).isoformat()))

    rows = json.loads(run(site, COUNT))
    assert len(rows) == BOOKINGS
    wanted = {"pending": 0, "declined": 0, "confirmed": DEPOSIT}
    for status, kept, payment_status, net in rows:
        assert kept in (0, KEPT)
        assert net == wanted.get(status, kept), (status, kept, payment_status)
    assert {status for status, *_rest in rows} >= {"confirmed", "declined", "cancelled"}
    violations = json.loads(site.manage("verify", "--json"))["violations"]
    assert violations == dict.fromkeys(violations, 0)
