"""The server's entry: the application, once the system checks have passed."""

import os

import django
from django.conf import settings
from django.core.checks import run_checks
from django.core.checks.messages import ERROR
from django.core.exceptions import ImproperlyConfigured

from softfactory.kernel.leaving_out import load_without_unused
from softfactory.kernel.settled import look_up_settings_plainly

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "softfactory.settings")

load_without_unused()
django.setup(set_prefix=False)
look_up_settings_plainly()

from monitoring.meters import count_ready  # noqa: E402
from softfactory.kernel.beforehand import load_beforehand  # noqa: E402
from softfactory.kernel.http.ready import ReadyAnswers  # noqa: E402
from softfactory.kernel.locals import keep_by_thread  # noqa: E402
from softfactory.kernel.request_log import log_ready  # noqa: E402
from softfactory.kernel.wsgi import Application  # noqa: E402

keep_by_thread()

# Whoever develops or profiles wants to see Django answer.
is_looked_at = settings.DEBUG or settings.SILK
application = Application(None if is_looked_at else ReadyAnswers(count_ready, log_ready))

# A server starts without `manage.py`, and so without its checks.
if refusals := [str(check) for check in run_checks() if check.level >= ERROR]:
    raise ImproperlyConfigured("\n".join(refusals))

load_beforehand()
