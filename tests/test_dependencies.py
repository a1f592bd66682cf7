"""What is installed is what was decided: locks, reasons, and the Django everything stands on."""

import re
import subprocess
import sys

import django
import pytest
from django.conf import settings

REQUIREMENTS = settings.BASE_DIR / "requirements"
REASONS = settings.BASE_DIR / "docs" / "decisions" / "dependencies.md"


def names_in(file):
    """The packages that a requirements/*.in asks for, without extras and versions."""
    lines = (REQUIREMENTS / file).read_text().splitlines()
    return [re.match(r"[\w.-]+", line)[0] for line in lines if line and line[0] not in "#-"]


def test_django_is_the_one_the_site_is_written_for():
    assert (6, 1, 3) <= django.VERSION[:3] < (6, 2)


def test_what_is_installed_fits_together():
    command = [sys.executable, "-m", "pip", "check"]
    answer = subprocess.run(command, capture_output=True, check=False, text=True)

    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("file", ["base.in", "dev.in", "peers.in"])
def test_every_dependency_has_its_reason(file):
    reasons = REASONS.read_text()

    assert [name for name in names_in(file) if not re.search(rf"\b{name}\b", reasons)] == []


@pytest.mark.parametrize("file", ["base.txt", "dev.txt", "prod.txt", "peers.txt"])
def test_every_locked_package_has_hashes_and_no_address(file):
    lock = (REQUIREMENTS / file).read_text()
    pinned = re.findall(r"^[\w.-]+==.*(?:\n    --hash=\S+.*)*", lock, re.MULTILINE)

    assert pinned
    assert all("--hash=sha256:" in package for package in pinned)
    assert "://" not in lock
