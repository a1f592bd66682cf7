"""E-mails that the site writes by itself, to one person each."""

from collections.abc import Mapping
from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string


def send_letter(
    to: str,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    *,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send what a template says, in the active language and zone. Raises OSError if nobody took it.

    Robots are told that nobody reads an answer (RFC 3834).
    """
    EmailMessage(
        subject=" ".join(subject.split()),  # a name that stands in it is no header
        body=render_to_string(template, dict(context)),
        to=[to],
        headers={"Auto-Submitted": "auto-generated", **(headers or {})},
    ).send()
