"""Built assets: what a template may name, and the address that static/built gives it."""

import json
from functools import lru_cache

from django.conf import settings
from django.templatetags.static import static

#: Drawings that are no dish: of a laid table, and of an empty plate.
SCENES = frozenset({"plate", "table"})


def asset_url(name: str) -> str:
    """Return the address of a built file: `app.css` → `/static/built/app-1A2B3C4D.css`.

    Raises ValueError for what was not built.
    """
    built = _manifest().get(name)
    if built is None:
        raise ValueError(f"static/built has no {name}. Run `make assets`.")
    return static(f"built/{built}")


def picture_url(name: str) -> str | None:
    """Return the address of a drawing by its name, `bibimbap`; None if there is none."""
    built = _manifest().get(f"{name}.svg")
    return static(f"built/{built}") if built else None


def dishes() -> list[str]:
    """Return the names of all drawings of dishes, sorted."""
    drawn = {name.removesuffix(".svg") for name in _manifest() if name.endswith(".svg")}
    return sorted(drawn - SCENES)


def _manifest() -> dict[str, str]:
    path = settings.BASE_DIR / "static/built/manifest.json"
    return _read(str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read(path: str, modified: int) -> dict[str, str]:
    """The manifest as it was at `modified`, so that a new build is seen without a restart."""
    with open(path, encoding="utf-8") as file:
        names: dict[str, str] = json.load(file)
    return names
