"""What the first requests would load, loaded before there is any.

Whoever asks first need not wait for it. And where workers are forks of a process that has it, they
have it in the same memory.
"""

from babel import Locale
from babel.core import get_global
from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils import translation

from softfactory.kernel.http.etags import release


def load_beforehand() -> None:
    """Load routes and texts in each language, how it writes dates and money, and all templates.

    Which release that is, is looked at now: what lies on the disk later may be the next one.
    """
    release()
    get_global("likely_subtags")
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext(language)
            get_resolver().reverse_dict  # noqa: B018
        Locale.parse(language).languages  # noqa: B018
    folder = settings.BASE_DIR / "templates"
    for path in sorted(folder.rglob("*.html")):
        get_template(str(path.relative_to(folder)))
