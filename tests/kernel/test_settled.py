"""Settings that are looked up as any attribute is."""

from django.conf import LazySettings, settings
from django.test import override_settings

from softfactory.kernel.settled import look_up_settings_plainly


def test_settings_stay_what_they_are_and_can_be_overridden(monkeypatch):
    monkeypatch.setattr(LazySettings, "__getattribute__", LazySettings.__getattribute__)
    look_up_settings_plainly()
    assert settings.LANGUAGE_CODE == "en"
    with override_settings(LANGUAGE_CODE="ko"):
        assert settings.LANGUAGE_CODE == "ko"
    assert settings.LANGUAGE_CODE == "en"
    assert not hasattr(settings, "OF_NOBODY")
