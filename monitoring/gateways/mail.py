"""Alerts by e-mail: plain text, the same in simple HTML, one thread per alert."""

import smtplib
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from monitoring.gateways import Undelivered
from monitoring.models import Alert, AlertChannel, AlertDelivery

# Refusals that are about this recipient or message, and not about the moment (RFC 5321, 4.2.1).
PERMANENT = range(500, 600)


def send_mail(delivery: AlertDelivery) -> None:
    """Send it. Raises Undelivered."""
    alert, channel = delivery.alert, delivery.channel
    with translation.override(channel.language):
        subject = _("Alert %(number)s: %(name)s") % {"number": alert, "name": alert.rule}
        headers = {"Message-ID": _message_id(delivery)}
        if delivery.transition == AlertDelivery.Transition.RESOLVED:
            # The subject of an answer, and its reference: mail programs show both as one thread.
            subject = f"Re: {subject}"
            headers["In-Reply-To"] = headers["References"] = _thread(alert, channel)
        message = _message(channel, subject, _context(delivery), headers)
    _send(message)


def send_test_mail(channel: AlertChannel) -> None:
    """Send a message that tells of nothing. Raises Undelivered."""
    with translation.override(channel.language):
        message = _message(channel, _("Test of the alerts"), {"is_test": True}, {})
    _send(message)


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]


def _thread(alert: Alert, channel: AlertChannel) -> str:
    """The id of the message that told the channel of the alert: the same in every attempt."""
    return f"<alert-{alert.pk}-{int(alert.opened_at.timestamp())}-{channel.pk}@{_domain()}>"


def _message_id(delivery: AlertDelivery) -> str:
    if delivery.transition == AlertDelivery.Transition.FIRING:
        return _thread(delivery.alert, delivery.channel)
    return f"<{delivery.message_id}@{_domain()}>"


def _context(delivery: AlertDelivery) -> dict[str, Any]:
    alert, rule = delivery.alert, delivery.alert.rule
    is_over = delivery.transition == AlertDelivery.Transition.RESOLVED
    facts = [
        (rule.get_metric_display(), alert.written(alert.fired_value)),
        (_("Threshold"), f"{rule.get_comparison_display()} {alert.written(alert.threshold)}"),
        (_("Since"), _instant(alert.opened_at)),
    ]
    if is_over:
        facts += [
            (_("Until"), _instant(alert.resolved_at)),
            (_("Worst"), alert.written(alert.worst_value)),
            (_("Now"), alert.written(alert.last_value)),
        ]
    return {
        "rule": rule,
        "is_over": is_over,
        "minutes": alert.minutes,
        "facts": facts,
        "admin_path": f"/admin/monitoring/alertrule/?q={rule.key}",
    }


def _instant(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def _message(
    channel: AlertChannel, subject: str, context: dict[str, Any], headers: dict[str, str]
) -> EmailMultiAlternatives:
    told = context | {
        "subject": subject,
        "language": channel.language,
        "site_url": settings.SITE_URL,
    }
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("monitoring/alert_email.txt", told),
        to=[channel.address],
        headers=headers | {"Auto-Submitted": "auto-generated"},  # RFC 3834: answer no robot
    )
    message.attach_alternative(render_to_string("monitoring/alert_email.html", told), "text/html")
    return message


def _send(message: EmailMultiAlternatives) -> None:
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refusal:
        code, _text = next(iter(refusal.recipients.values()))
        raise _refused(code, is_permanent=code in PERMANENT) from None
    except smtplib.SMTPAuthenticationError as refusal:  # ours to mend, and then it goes out
        raise _refused(refusal.smtp_code, is_permanent=False) from None
    except smtplib.SMTPResponseException as refusal:
        code = refusal.smtp_code
        raise _refused(code, is_permanent=code in PERMANENT) from None
    except (smtplib.SMTPException, OSError) as error:
        message_text = _("The mail server can't be reached, or broke off (%(kind)s).")
        raise Undelivered(message_text % {"kind": type(error).__name__}) from None


def _refused(code: int, *, is_permanent: bool) -> Undelivered:
    message = _("The mail server answered %(code)s.") % {"code": code}
    return Undelivered(message, is_permanent=is_permanent)
