"""The server's entry: the application, once the system checks have passed."""

import os

import django
from django.core.checks import run_checks
from django.core.checks.messages import ERROR
from django.core.exceptions import ImproperlyConfigured

from softfactory.kernel.wsgi import Application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "softfactory.settings")

django.setup(set_prefix=False)
application = Application()

# A server starts without `manage.py`, and so without its checks.
if refusals := [str(check) for check in run_checks() if check.level >= ERROR]:
    raise ImproperlyConfigured("\n".join(refusals))
