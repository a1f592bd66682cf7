"""Letters name pages by their addresses, which are those of the routes, and load none of them."""

import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.urls import resolve, reverse
from django.utils import translation

from softfactory.kernel.components.shell import page_address
from tests.site import ROOT, Site

LETTERS = sorted(
    str(path.relative_to(ROOT / "templates"))
    for path in (ROOT / "templates").rglob("*.txt")
    if "page_address" in path.read_text()
)
NAMED = re.compile(r'{% page_address "([^"]+)"( \S+)? %}')

WRITTEN = """
import sys
sys.argv = ["manage.py", "run_due"]
import django
django.setup()
from django.template.loader import render_to_string
print(render_to_string("subscriptions/payment_failed.txt", {}).count("/payments/cards"))
print([name for name in ("softfactory.urls", "rest_framework.serializers") if name in sys.modules])
"""


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("letter", LETTERS)
def test_addresses_are_those_of_pages(letter, language):
    named = NAMED.findall((ROOT / "templates" / letter).read_text())
    assert named
    with translation.override(language):
        for path, pk in named:
            address = page_address(path, 5) if pk else page_address(path)
            there = address.removeprefix(settings.SITE_URL)
            match = resolve(there)
            assert reverse(match.view_name, args=match.args, kwargs=match.kwargs) == there


@pytest.mark.parametrize("letter", LETTERS)
def test_letters_can_be_compiled(letter):
    assert get_template(letter)


def test_who_writes_one_loads_no_pages(tmp_path):
    site = Site(tmp_path, f"sqlite:///{tmp_path / 'none.sqlite3'}")
    printed = subprocess.check_output(
        [sys.executable, "-c", WRITTEN], env=site.env, cwd=ROOT, text=True
    )

    assert printed.splitlines() == ["1", "[]"]
