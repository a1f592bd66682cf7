"""Built assets: what a template may name, and the address that static/built gives it."""

import json
from functools import cache

from django.conf import settings
from django.templatetags.static import static

#: Drawings that are no dish: of a laid table, and of an empty plate.
SCENES = frozenset({"plate", "table"})

MANIFEST = str(settings.BASE_DIR / "static/built/manifest.json")


def asset_url(name: str) -> str:
    """Return the address of a built file: `app.css` → `/static/built/app-1A2B3C4D.css`.

    Raises ValueError for what was not built.
    """
    url = _urls().get(name)
    if url is None:
        raise ValueError(f"static/built has no {name}. Run `make assets`.")
    return url


def picture_url(name: str) -> str | None:
    """Return the address of a drawing by its name, `bibimbap`; None if there is none."""
    return _urls().get(f"{name}.svg")


def dishes() -> list[str]:
    """Return the names of all drawings of dishes, sorted."""
    drawn = {name.removesuffix(".svg") for name in _urls() if name.endswith(".svg")}
    return sorted(drawn - SCENES)


def _read() -> dict[str, str]:
    with open(MANIFEST, encoding="utf-8") as file:
        built: dict[str, str] = json.load(file)
    return {name: static(f"built/{hashed}") for name, hashed in built.items()}


#: Returns the address of each; in development, where they are built anew, as they are now.
_urls = _read if settings.DEBUG else cache(_read)
