"""Pieces of pages are kept by what they show, in a bounded room."""

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation
from django.utils.safestring import SafeString

from softfactory.kernel.components import fragments as tag
from softfactory.kernel.fragments import Fragments


@pytest.fixture
def fragments(monkeypatch):
    """A store with room for ten characters."""
    store = Fragments(most=10)
    monkeypatch.setattr(tag, "fragments", store)
    return store


def shown(source, **values):
    return Template(source).render(Context(values))


def test_is_made_once_for_each_key(fragments):
    source = "{% fragment 'x' key %}{{ text }}{% endfragment %}"
    assert shown(source, key=1, text="one") == "one"
    assert shown(source, key=1, text="other") == "one"
    assert shown(source, key=2, text="<two>") == "&lt;two&gt;"
    assert shown(source, text="none") == "none"


def test_languages_are_apart(fragments):
    source = "{% fragment 'x' %}{% get_current_language as code %}{{ code }}{% endfragment %}"
    with translation.override("ko"):
        assert shown(source) == "ko"
    assert shown(source) == "en"


def test_what_was_not_asked_for_the_longest_goes_first(fragments):
    def made(key):
        return fragments.get(key, lambda: SafeString("made" if key in asked else "1234"))

    asked = set()
    made("a")
    made("b")
    made("a")
    made("c")
    asked = {"a", "b", "c"}
    assert [made("a"), made("c"), made("b")] == ["1234", "1234", "made"]


def test_what_a_key_takes_counts_too(fragments):
    fragments.get("a", lambda: SafeString("1"), beside=6)
    fragments.get("b", lambda: SafeString("2"), beside=6)
    assert fragments.get("b", lambda: SafeString("anew")) == "2"
    assert fragments.get("a", lambda: SafeString("anew")) == "anew"


def test_one_that_is_larger_than_the_room_is_shown_and_not_kept(fragments):
    assert fragments.get("x", lambda: SafeString("x" * 11)) == "x" * 11
    assert fragments.get("x", lambda: SafeString("y")) == "y"


def test_in_development_nothing_is_kept(fragments, settings):
    settings.DEBUG = True
    source = "{% fragment 'x' %}{{ text }}{% endfragment %}"
    assert shown(source, text="one") == "one"
    assert shown(source, text="two") == "two"


def test_has_a_name():
    with pytest.raises(TemplateSyntaxError, match="has a name"):
        Template("{% fragment %}{% endfragment %}")
