"""What the base templates are made with: assets, language and theme, forms' messages."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.encoding import iri_to_uri
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language, get_language_info, override

from softfactory.kernel.assets import asset_url
from softfactory.kernel.components.library import register
from softfactory.kernel.forms import words_of

#: What stands in the menu at the top of every page.
SECTIONS = frozenset({"bookings:explore", "bookings:booking_list"})


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built file: `{% asset "app.css" %}`."""
    return asset_url(name)


@register.simple_tag
def site_address(path: str) -> str:
    """The absolute address of a static file, for who reads the page elsewhere."""
    return f"{settings.SITE_URL}{static(path)}"


@register.simple_tag
def page_address(path: str, pk: int | None = None) -> str:
    """The absolute address of a page in the active language: `{% page_address "/pages/" 5 %}`.

    It is for letters and takes no name: whoever writes them would load all pages to find one.
    """
    language = get_language()
    prefix = f"/{language}" if language and language != settings.LANGUAGE_CODE else ""
    return f"{settings.SITE_URL}{prefix}{path}{'' if pk is None else pk}"


@register.inclusion_tag("components/language_switch.html", takes_context=True)
def language_switch(context: Context) -> dict[str, Any]:
    """Links to this page in the other languages."""
    request = context.get("request")
    others = [code for code, _name in settings.LANGUAGES if code != get_language()]
    links = [
        {
            "code": code,
            "href": address_in(code, request) if request else "/",
            "name": get_language_info(code)["name_local"],
        }
        for code in others
    ]
    return {"links": links}


def address_in(language: str, request: HttpRequest) -> str:
    """Return the address of a request's page in another language; its own, if it has no other.

    It is Django's `translate_url` of the request, without looking again for its route.
    """
    match = request.resolver_match
    if match is not None:
        with override(language), suppress(NoReverseMatch):
            path = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
            query = iri_to_uri(request.META.get("QUERY_STRING", ""))
            return f"{path}?{query}" if query else path
    # An address that begins with two slashes would lead to another site.
    return escape_leading_slashes(request.get_full_path())


@register.filter
def section(request: HttpRequest | str) -> str:
    """The entry of the site's menu that a page is, by the name of its route; empty for others."""
    match = getattr(request, "resolver_match", None)  # without a request, Django hands in a text
    return match.view_name if match is not None and match.view_name in SECTIONS else ""


@register.inclusion_tag("components/theme_switch.html")
def theme_switch() -> dict[str, Any]:
    """Turns the dark theme on and off; the browser remembers."""
    return {}


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """What is wrong with a form as a whole."""
    return {"errors": form.non_field_errors()}


@register.filter
def field_words(field: BoundField) -> list[tuple[str, str]]:
    """What the browser is to say about a field, in the server's words."""
    return list(words_of(field.field).items())
