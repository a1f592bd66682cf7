"""Channels: tried out by staff, and called every minute if they listen for a heartbeat."""

from collections.abc import Callable
from datetime import datetime, timedelta

from monitoring.gateways import mail, webhook
from monitoring.models import AlertChannel
from monitoring.services.alerts.sending import try_all
from monitoring.services.alerts.watch import evaluated_at, is_silent

Kind = AlertChannel.Kind

HEARTBEAT = timedelta(minutes=1)

SEND_TEST: dict[str, Callable[[AlertChannel], None]] = {
    Kind.EMAIL: mail.send_test_mail,
    Kind.WEBHOOK: webhook.send_test_webhook,
    Kind.HEARTBEAT: webhook.send_heartbeat,
}


def send_test(*, channel: AlertChannel) -> str:
    """Send a message that tells of nothing, now; return why it did not arrive, "" if it did."""
    (failure,) = try_all(lambda one: SEND_TEST[one.kind](one), [channel])
    return str(failure or "")


def send_heartbeats(now: datetime) -> int:
    """Call every heartbeat once a minute, unless the rounds have stopped; return how many."""
    if is_silent(evaluated_at(), now=now):
        return 0
    due = AlertChannel.objects.due_for_heartbeat(before=now - HEARTBEAT)
    mine = [one for one in due if due.filter(pk=one.pk).update_derived(pinged_at=now)]
    failures = try_all(webhook.send_heartbeat, mine)
    for channel, failure in zip(mine, failures, strict=True):
        message = str(failure or "")[:300]
        if message != channel.last_error:
            AlertChannel.objects.filter(pk=channel.pk).update_derived(last_error=message)
    return failures.count(None)


def reseal_secrets(reseal: Callable[[str], str]) -> int:
    """Seal every webhook's secret anew; return how many. One changed meanwhile is left as it is."""
    count = 0
    for channel in AlertChannel.objects.with_secret():
        unchanged = AlertChannel.objects.filter(pk=channel.pk, sealed_key=channel.sealed_key)
        count += unchanged.update_derived(sealed_key=reseal(channel.sealed_key))
    return count
