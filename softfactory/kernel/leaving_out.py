"""What libraries load because it is installed, though nobody here uses it: the site does not.

They try these imports for the sake of others and go on without them. With PostgreSQL's fields comes
its driver, on SQLite too; with Django's test tools, which REST framework's schema brings along, a
second language of templates; with structlog, what it needs to paint a terminal, and threads that we
have not.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

UNUSED = {
    "rest_framework.compat": ("django.contrib.postgres", "pygments", "requests", "yaml"),
    "django.test.utils": ("jinja2",),
}


def load_without_unused() -> None:
    """Import those libraries as if what they would like to have were not installed."""
    for library, names in UNUSED.items():
        with hidden(*names):
            import_module(library)


@contextmanager
def hidden(*names: str) -> Iterator[None]:
    """Let importing these fail, unless somebody has imported them before."""
    hidden = {name: None for name in names if name not in sys.modules}  # None: importing one fails
    sys.modules.update(hidden)  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
