"""What the base templates are made with: assets, language and theme, forms' messages."""

from typing import Any

from django.conf import settings
from django.forms import BaseForm, BoundField
from django.template import Context
from django.templatetags.static import static
from django.urls import translate_url
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language, get_language_info

from softfactory.kernel.assets import asset_url
from softfactory.kernel.components.library import register
from softfactory.kernel.forms import words_of


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built file: `{% asset "app.css" %}`."""
    return asset_url(name)


@register.simple_tag
def site_address(path: str) -> str:
    """The absolute address of a static file, for who reads the page elsewhere."""
    return f"{settings.SITE_URL}{static(path)}"


@register.inclusion_tag("components/language_switch.html", takes_context=True)
def language_switch(context: Context) -> dict[str, Any]:
    """Links to this page in the other languages."""
    request = context.get("request")
    # An address that begins with two slashes would lead to another site.
    path = escape_leading_slashes(request.get_full_path()) if request else "/"
    others = [code for code, _name in settings.LANGUAGES if code != get_language()]
    links = [
        {
            "code": code,
            "href": translate_url(path, code),
            "name": get_language_info(code)["name_local"],
        }
        for code in others
    ]
    return {"links": links}


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
