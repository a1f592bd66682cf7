"""What the database keeps of second factors opens with FIELD_KEYS alone, and moves to a new key."""

import importlib
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import call_command

from softfactory.kernel.sealing import unseal
from tests.accounts.second_factor import SECRET, code_now, give_app, give_recovery_codes
from tests.makers import PASSWORD

TOKENS = "/api/auth/tokens"
migration = importlib.import_module("softfactory.accounts.migrations.0002_seal_second_factors")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


def kept():
    """All that the database keeps of second factors, as text."""
    return str(list(Authenticator.objects.values_list("data", flat=True)))


def sign_in(api, ana, code):
    return api().post(TOKENS, {"email": ana.email, "password": PASSWORD, "code": code})


def test_neither_the_secret_nor_what_codes_come_from_is_kept_as_it_is(ana):
    factor = give_app(ana)
    codes = give_recovery_codes(ana)

    assert unseal(factor.data["secret"]) == SECRET
    seed = unseal(ana.authenticator_set.get(type="recovery_codes").data["seed"])
    for secret in (SECRET, seed, *codes):
        assert secret not in kept()


def test_after_a_rotation_the_old_key_is_not_needed(ana, api, settings):
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    give_app(ana)
    first, second, *_codes = give_recovery_codes(ana)
    assert sign_in(api, ana, first).status_code == 201
    settings.FIELD_KEYS = [new, old]
    out = StringIO()

    call_command("rotate_field_keys", stdout=out)

    assert "2  accounts.second_factors" in out.getvalue()
    settings.FIELD_KEYS = [new]
    assert sign_in(api, ana, code_now()).status_code == 201
    assert sign_in(api, ana, first).status_code == 401  # used before
    assert sign_in(api, ana, second).status_code == 201


def test_what_was_kept_in_plain_text_is_sealed_by_the_migration(ana, api):
    factor = give_app(ana)
    Authenticator.objects.filter(pk=factor.pk).update(data={"secret": SECRET})
    operation = migration.Migration.operations[0]

    operation.code(apps, None)

    assert SECRET not in kept()
    assert sign_in(api, ana, code_now()).status_code == 201
    operation.reverse_code(apps, None)
    assert SECRET in kept()
