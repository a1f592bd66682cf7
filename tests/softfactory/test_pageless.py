"""Worker and clock load nothing of what serves pages."""

import subprocess
import sys

import pytest

from tests.site import ROOT, Site

PROGRAM = """
import sys
sys.argv = ["manage.py", "{command}", "--help"]
import django
django.setup()
from django.core.checks import run_checks
from softfactory.kernel.checks import START
print([check.id for check in run_checks(tags=[START])])
print([name for name in {heavy} if name in sys.modules])
"""
HEAVY = [
    "rest_framework.serializers",
    "drf_spectacular.plumbing",
    "softfactory.kernel.http",
    "softfactory.urls",
    "bookings.admin",
    "redis",
]


@pytest.mark.parametrize("command", ["run_due", "db_worker"])
def test_loads_no_pages_and_refuses_a_wrong_start(command, tmp_path):
    site = Site(tmp_path, f"sqlite:///{tmp_path / 'none.sqlite3'}", SOFTFACTORY_DEMO="0")
    program = PROGRAM.format(command=command, heavy=HEAVY)
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        env=site.env,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    checks, loaded = done.stdout.splitlines()
    assert "softfactory.E001" in checks, done.stderr
    assert loaded == "[]"
