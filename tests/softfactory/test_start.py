"""A start on wrong settings is refused with one sentence that says which and how to mend it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": "k" * 60,
    "FIELD_KEYS": f"{'k' * 43}=",
    "ALLOWED_HOSTS": "softfactory.example",
    "SITE_URL": "https://softfactory.example",
    "EMAIL_URL": "smtp://mail.softfactory.example",
}


def python(*arguments, folder, **variables):
    """Run Python as a server would be started, with this environment and nothing else of ours."""
    ours = {*PRODUCTION, "SOFTFACTORY_DEMO", "DJANGO_SETTINGS_MODULE"}
    env = {name: value for name, value in os.environ.items() if name not in ours}
    env |= {"VAR_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder}/start.sqlite3"}
    return subprocess.run(
        [sys.executable, *arguments],
        env=env | variables,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def serve(folder, **variables):
    return python("-c", "import softfactory.wsgi", folder=folder, **variables)


def test_production_starts_when_it_is_configured(tmp_path):
    started = serve(tmp_path, **PRODUCTION)
    assert started.returncode == 0, started.stderr


def test_the_demo_starts_on_the_defaults(tmp_path):
    assert serve(tmp_path, SOFTFACTORY_DEMO="1").returncode == 0


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEYS", "ALLOWED_HOSTS"])
def test_production_needs(tmp_path, name):
    variables = {key: value for key, value in PRODUCTION.items() if key != name}
    refused = serve(tmp_path, **variables)
    assert refused.returncode != 0
    assert f"{name} is not set." in refused.stderr


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DEBUG", "maybe", "DEBUG is 'maybe'. Set it to 1 or 0."),
        ("WEB_THREADS", "many", "WEB_THREADS is 'many'. Set it to a number"),
        ("DATABASE_URL", "mysql://x/y", "DATABASE_URL is neither"),
        ("EMAIL_URL", "pigeon://x", "EMAIL_URL is neither"),
        ("FIELD_KEYS", "short", "FIELD_KEYS is no list of keys"),
        ("ALLOWED_HOSTS", "softfactory.example,*", "ALLOWED_HOSTS allows every host"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT is 'xml'. Set it to json or lines."),
    ],
)
def test_a_wrong_variable_is_named(tmp_path, name, value, words):
    refused = serve(tmp_path, **PRODUCTION | {name: value})
    assert refused.returncode != 0
    assert words in refused.stderr


def test_production_refuses_demo_content(tmp_path):
    demo = {"SOFTFACTORY_DEMO": "1", "folder": tmp_path}
    python("manage.py", "migrate", "--verbosity", "0", **demo)
    seeded = python(
        "manage.py", "seed_demo", "--users", "1", "--chefs", "1", "--bookings", "0", **demo
    )
    assert seeded.returncode == 0, seeded.stderr
    assert serve(tmp_path, SOFTFACTORY_DEMO="1").returncode == 0
    refused = serve(tmp_path, **PRODUCTION)
    assert refused.returncode != 0
    assert "demo content" in refused.stderr
    assert python("manage.py", "check", folder=tmp_path, **PRODUCTION).returncode != 0


def test_silk_asks_for_its_tables(tmp_path):
    variables = {"SOFTFACTORY_DEMO": "1", "SILK": "1", "folder": tmp_path}
    refused = serve(**variables)
    assert refused.returncode != 0
    assert "Run SILK=1 .venv/bin/python manage.py migrate" in refused.stderr
    python("manage.py", "migrate", "--verbosity", "0", **variables)
    assert serve(**variables).returncode == 0
