"""Secrets in the database: sealed with the newest key, opened with any, and never misread."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from softfactory.kernel.sealing import reseal, seal, unseal

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def keys(settings):
    """`keys(NEW, OLD)` sets FIELD_KEYS."""

    def set_keys(*keys):
        settings.FIELD_KEYS = list(keys)

    return set_keys


@pytest.mark.parametrize("text", ["", "JBSWY3DPEHPK3PXP", "비밀 🔑", "x" * 10_000])
def test_what_was_sealed_is_read_again_and_nobody_else_reads_it(text):
    sealed = seal(text)

    assert unseal(sealed) == text
    assert not text or text not in sealed


def test_the_same_text_never_looks_the_same():
    assert seal("text") != seal("text")


def test_the_newest_key_seals_and_any_opens(keys):
    keys(OLD)
    old = seal("old")
    keys(NEW, OLD)
    new = seal("new")

    assert unseal(old) == "old"
    keys(NEW)
    assert unseal(new) == "new"


def test_resealed_the_old_key_can_go(keys):
    keys(OLD)
    sealed = seal("text")
    keys(NEW, OLD)
    sealed = reseal(sealed)
    keys(NEW)

    assert unseal(sealed) == "text"


def test_without_its_key_nothing_opens_and_the_error_says_what_to_do(keys):
    keys(OLD)
    sealed = seal("text")
    keys(NEW)

    with pytest.raises(ImproperlyConfigured, match="Put back the one"):
        unseal(sealed)


@pytest.mark.parametrize("place", [0, 20, 40, -1])
def test_a_sealed_text_that_was_changed_does_not_open(place):
    sealed = list(seal("text" * 9))
    sealed[place] = "A" if sealed[place] != "A" else "B"

    with pytest.raises(ImproperlyConfigured):
        unseal("".join(sealed))


@pytest.mark.parametrize("text", ["", "plain", "한글", "gAAAA"])
def test_what_was_never_sealed_does_not_open(text):
    with pytest.raises(ImproperlyConfigured):
        unseal(text)
