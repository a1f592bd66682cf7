"""The Korean catalogue is complete, sound, and compiled from what is written."""

from gettext import GNUTranslations

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

CATALOGUE = settings.BASE_DIR / "locale" / "ko" / "LC_MESSAGES"


@pytest.fixture(scope="module")
def messages():
    """The messages of the catalogue as translators write it, without its header."""
    with (CATALOGUE / "django.po").open("rb") as file:
        return [message for message in read_po(file, locale="ko") if message.id]


@pytest.fixture(scope="module")
def compiled():
    """What the site reads."""
    with (CATALOGUE / "django.mo").open("rb") as file:
        return GNUTranslations(file)


def forms(text):
    """Korean has one plural form; a message with a plural holds it in a tuple."""
    return text if isinstance(text, tuple) else (text,)


def test_every_message_is_translated(messages):
    assert [m.id for m in messages if m.fuzzy or not all(forms(m.string))] == []


def test_translations_keep_their_placeholders(messages):
    assert {m.id: errors for m in messages if (errors := list(m.check()))} == {}


def test_what_is_compiled_is_what_is_written(messages, compiled):
    for message in messages:
        context = [message.context] if message.context else []
        if message.pluralizable:
            look_up = compiled.npgettext if context else compiled.ngettext
            shown = look_up(*context, *message.id, 1)
        else:
            look_up = compiled.pgettext if context else compiled.gettext
            shown = look_up(*context, message.id)
        assert shown == forms(message.string)[0], "run `make messages` and commit locale/"
