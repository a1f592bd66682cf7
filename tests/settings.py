"""The site's settings as the tests run them: same code, throw-away places, a fast hasher.

The database is a SQLite file unless DATABASE_URL names another; the cache is local memory
unless REDIS_URL names a Redis. Each run, and each process of a run, has its own of both.
"""

import os
import tempfile

RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", "")[:8] or str(os.getpid())
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")

os.environ["DEBUG"] = "0"
os.environ["SECRET_KEY"] = "only-for-tests-" + "x" * 50
os.environ["ALLOWED_HOSTS"] = "localhost,127.0.0.1,testserver"
os.environ["RATE_LIMITS"] = "off"
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix=f"softfactory-tests-{WORKER}-")
os.environ.pop("SOFTFACTORY_DEMO", None)

from softfactory.settings import *  # noqa: E402, F403
from softfactory.settings import CACHES, DATABASES, VAR_DIR  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

for alias, database in DATABASES.items():
    database.setdefault("TEST", {})["NAME"] = (
        str(VAR_DIR / f"test-{alias}.sqlite3")
        if "sqlite" in database["ENGINE"]
        else f"test_{database['NAME']}_{RUN}"
    )

for alias, cache in CACHES.items():
    cache["KEY_PREFIX"] = f"test-{RUN}-{WORKER}-{alias}"

# Every test's client has middleware of its own; none of it looks all static files up beforehand.
WHITENOISE_AUTOREFRESH = True
