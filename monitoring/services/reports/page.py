"""A report as one HTML file, with everything in it: styles, charts, and the headings' face."""

import base64
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from monitoring.services.reports.charts import svg
from monitoring.services.reports.document import Part, Report

STATIC = settings.BASE_DIR / "static"


def as_page(report: Report) -> str:
    """Return the page."""
    context = {
        "report": report,
        "parts": [_drawn(part) for part in report.parts],
        "tokens": _own((STATIC / "src" / "css" / "tokens.css").read_text()),
        "face": _face(),
    }
    return render_to_string("monitoring/report.html", context)


def _drawn(part: Part) -> dict[str, Any]:
    return {"part": part, "figures": [(figure, svg(figure)) for figure in part.figures]}


def _face() -> str:
    """The headings' font as a `data:` address; "" where the front end is not built."""
    path = next(STATIC.glob("built/fraunces-*.woff2"), None)
    if path is None:
        return ""
    return f"data:font/woff2;base64,{base64.b64encode(path.read_bytes()).decode()}"


def _own(text: str) -> SafeString:
    """Text of a file of ours, which is what it is."""
    return mark_safe(text)  # nosec B308 B703
