"""Cancelling at once races with the payment that comes through: one order of locks, no deadlock."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection

from softfactory.kernel import clock
from tests.site import ROOT, Site, throw_away_database

CUSTOMERS = 20

# Their banks have allowed what the gateway has not been asked about yet.
SET_UP = """
from softfactory.accounts.models import User
from softfactory.kernel import clock
from softfactory.payments.gateways.sandbox import SandboxGateway
from softfactory.payments.models import Payment
from softfactory.payments.services.cards import add_card
from softfactory.payments.services.settling import settle_payment
from subscriptions.models import Plan, Product
from subscriptions.services.subscribing import subscribe
product = Product.objects.create(slug="coocook", name="CooCook")
plan = Plan.objects.create(
    product=product, name="Small", interval="month", price_amount=10_000, currency="KRW"
)
for number in range({customers}):
    user = User.objects.create_user(f"customer-{{number}}@example.test")
    add_card(user=user, token="card_authenticate", now=clock.now())
    subscribe(user=user, plan_id=plan.pk, now=clock.now())
for payment in Payment.objects.all():
    waiting = settle_payment(payment.pk, now=clock.now())
    SandboxGateway().answer(waiting.reference, is_allowed=True)
Payment.objects.update(due_at=clock.now())
"""

# Each side holds its first lock for a while before it asks for its second one.
RACER = """
import json, time
from datetime import datetime
from softfactory.kernel import clock
from softfactory.kernel.db import retry
from softfactory.kernel.problems import DomainError
from softfactory.payments.models import Payment
from softfactory.payments.services import entries, settling
from subscriptions.models import Subscription
from subscriptions.services import stopping

lost, is_lost_race = [], retry.is_lost_race
def noted(error):
    lost.append(str(error))
    return is_lost_race(error)
retry.is_lost_race = noted

def slowly(module, name):
    work = getattr(module, name)
    def slow(*args, **kwargs):
        time.sleep(0.03)
        return work(*args, **kwargs)
    setattr(module, name, slow)
slowly(entries, "book_charge")
slowly(stopping, "void_invoice")

def settle(number):
    settling.settle_payment(payments[number], now=clock.now())
def cancel(number):
    try:
        stopping.cancel(subscription=subscriptions[number], at_once=True, now=clock.now())
    except DomainError:
        pass
payments = list(Payment.objects.order_by("pk").values_list("pk", flat=True))
subscriptions = list(Subscription.objects.order_by("pk"))
start = datetime.fromisoformat("{start}")
for number in range(len(payments)):
    time.sleep(max((start - clock.now()).total_seconds() + number * 0.15, 0))
    {racer}(number)
print(json.dumps(lost))
"""


@pytest.fixture
def site(tmp_path):
    with throw_away_database(connection.vendor, tmp_path) as url:
        site = Site(tmp_path, url)
        yield site


def race(site, *racers):
    """Run these at once; return the races that they lost."""
    start = (clock.now() + timedelta(seconds=20)).isoformat()
    running = [
        subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--verbosity=0", "-c", script],
            env=site.env,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for script in (RACER.format(start=start, racer=racer) for racer in racers)
    ]
    said = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0] * len(racers)
    return [error for text in said for error in json.loads(text.splitlines()[-1])]


def test_whoever_cancels_and_whoever_is_paid_wait_for_each_other(site):
    site.shell(SET_UP.format(customers=CUSTOMERS))

    assert race(site, "settle", "cancel") == []

    site.manage("run_due", "--now", (clock.now() + timedelta(hours=1)).isoformat())
    violations = json.loads(site.manage("verify", "--json"))["violations"]
    assert {name: count for name, count in violations.items() if count} == {}
