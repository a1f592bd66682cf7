"""How passwords are kept: at which cost, and what becomes of those of another cost."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import hashers

from tests.makers import PASSWORD, make_user


@pytest.fixture(autouse=True)
def _as_in_production(settings):
    settings.PASSWORD_HASHERS = ["softfactory.accounts.hashers.Argon2PasswordHasher"]


def test_costs_what_owasp_asks_for():
    assert hashers.make_password(PASSWORD).startswith("argon2$argon2id$v=19$m=12288,t=3,p=1$")


@pytest.mark.django_db
def test_hash_of_another_cost_still_opens_and_is_renewed():
    user = make_user()
    user.password = hashers.Argon2PasswordHasher().encode(PASSWORD, "salt-of-long-ago")
    user.save(update_fields=["password"])
    assert "m=102400,t=2,p=8" in user.password
    assert user.check_password(PASSWORD)
    user.refresh_from_db()
    assert "m=12288,t=3,p=1" in user.password
    assert user.check_password(PASSWORD)
    assert not user.check_password("something else")


@pytest.mark.parametrize("work", ["encode", "verify"])
def test_one_at_a_time_is_hashed(monkeypatch, work):
    """Each takes 12 MiB while it is at it."""
    at_it, most, lock = [], [], threading.Lock()

    def hashed(*_arguments):
        with lock:
            at_it.append(1)
            most.append(len(at_it))
        time.sleep(0.02)
        at_it.pop()

    monkeypatch.setattr(hashers.Argon2PasswordHasher, work, hashed)
    hasher = hashers.get_hasher()
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(getattr(hasher, work), [PASSWORD] * 4, ["salt"] * 4))

    assert most == [1, 1, 1, 1]
