"""What libraries load because it is installed, though nobody here uses it: web processes do not.

REST framework and Django's test tools, which its schema brings along, try these imports for the
sake of others and go on without them. With PostgreSQL's fields comes its driver, on SQLite too.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

UNUSED = {
    "rest_framework.compat": ("django.contrib.postgres", "requests", "yaml"),
    "django.test.utils": ("jinja2",),
}


def load_without_unused() -> None:
    """Import those libraries as if what they would like to have were not installed."""
    for library, names in UNUSED.items():
        with _hidden(name for name in names if name not in sys.modules):
            import_module(library)


@contextmanager
def _hidden(names: Iterator[str]) -> Iterator[None]:
    hidden = dict.fromkeys(names)  # None: importing one fails
    sys.modules.update(hidden)  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
