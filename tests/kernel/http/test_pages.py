"""A page is made once for each address, language, and all that it shows."""

import pytest
from django.test import RequestFactory
from django.utils import translation

from softfactory.kernel.http import pages
from softfactory.kernel.http.pages import render_once


@pytest.fixture
def made(monkeypatch):
    """What was rendered: template and context."""
    asked = []

    def render(template, context, request):
        asked.append((template, context))
        return f"{template} {context} {request.path}"

    monkeypatch.setattr(pages, "render_to_string", render)
    return asked


def page(address="/a", template="a.html", shows=1, **context):
    return render_once(RequestFactory().get(address), template, context, shows=shows).text


def test_is_made_once_for_what_it_shows(made):
    assert page(n=1) == page(n=2) == "a.html {'n': 1} /a"
    assert page(n=2, shows=2) == "a.html {'n': 2} /a"
    assert page(n=1) == "a.html {'n': 1} /a"
    assert len(made) == 2


def test_addresses_templates_and_languages_are_apart(made):
    for how in ({}, {"address": "/b"}, {"address": "/a?b"}, {"template": "b.html"}):
        page(**how)
        with translation.override("ko"):
            page(**how)
    assert len(made) == 8


def test_in_development_it_is_made_each_time(made, settings):
    settings.DEBUG = True
    page()
    page()
    assert len(made) == 2
