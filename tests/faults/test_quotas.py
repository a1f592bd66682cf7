"""Workers that race for the last units of a quota, and report uses twice, count to it exactly."""

import json
import subprocess
import sys

import pytest
from django.db import connection

from tests.site import ROOT, Site, throw_away_database

WORKERS = 4
QUOTA = 30
# Of each worker's uses the first ones are its own, the rest every worker reports.
OWN, SHARED = 12, 8

PREPARE = f"""
from subscriptions.models import Exemption, Feature
Exemption.objects.all().delete()
Feature.objects.filter(key="sns.posts").update(free={QUOTA})
"""
WORK = f"""
import sys
from softfactory.accounts.models import User
from softfactory.kernel import clock
from softfactory.kernel.problems import Conflict
from subscriptions.services.usage import record_usage
user = User.objects.get(email="ana@demo.example")
keys = [f"{{n}}-of-{{worker}}" for n in range({OWN})] + [f"shared-{{n}}" for n in range({SHARED})]
counted = []
for key in keys:
    try:
        record_usage(user=user, feature="sns.posts", quantity=1, key=key, now=clock.now())
    except Conflict as refused:
        assert refused.code == "quota_exceeded", refused.code
    else:
        counted.append(key)
print("\\n".join(counted))
"""
COUNT = """
import json
from subscriptions.models import UsagePeriod, UsageRecord
print(json.dumps([
    list(UsagePeriod.objects.values_list("used", flat=True)),
    list(UsageRecord.objects.values_list("key", flat=True)),
]))
"""


@pytest.fixture
def site(tmp_path):
    """A database with Ana, whom no exemption saves from the quota."""
    with throw_away_database(connection.vendor, tmp_path) as url:
        site = Site(tmp_path, url)
        site.manage("seed_demo", "--users", "1", "--chefs", "1", "--bookings", "0")
        site.manage("shell", "--no-imports", "-c", PREPARE)
        yield site


def _worker(site, number):
    program = f"worker = {number}\n{WORK}"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", program]
    return subprocess.Popen(command, env=site.env, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_workers_that_race_use_a_quota_up_exactly(site):
    workers = [_worker(site, number) for number in range(WORKERS)]
    acknowledged = {key for worker in workers for key in worker.communicate()[0].split()}
    assert {worker.returncode for worker in workers} == {0}

    [used], keys = json.loads(site.manage("shell", "--no-imports", "-c", COUNT).splitlines()[-1])
    assert used == QUOTA < WORKERS * OWN + SHARED
    assert sorted(acknowledged) == sorted(keys)
    assert len(keys) == QUOTA
    violations = json.loads(site.manage("verify", "--json"))["violations"]
    assert {name: count for name, count in violations.items() if count} == {}
