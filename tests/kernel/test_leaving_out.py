"""A web process loads what it uses: no driver of another database, no tools for terminals."""

import subprocess
import sys

from tests.site import ROOT, Site

PROGRAM = """
import sys
import softfactory.wsgi
unused = ("psycopg", "redis", "requests", "jinja2", "rich", "greenlet")
print([name for name in unused if name in sys.modules])
import requests, psycopg  # whoever wants them later still gets them
print(requests.__name__, psycopg.__name__)
"""


def test_a_web_process_leaves_out_what_it_does_not_use(tmp_path):
    site = Site(tmp_path, f"sqlite:///{tmp_path / 'site.sqlite3'}", REDIS_URL="")
    site.manage("migrate", "--verbosity", "0")
    printed = subprocess.check_output(
        [sys.executable, "-c", PROGRAM], env=site.env, cwd=ROOT, text=True
    )

    assert printed.splitlines() == ["[]", "requests psycopg"]
