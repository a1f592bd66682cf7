"""Channels: a heartbeat while alerts are evaluated, and tests that staff sends."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from monitoring.models import AlertChannel, AlertRound
from monitoring.services.alerts.channels import reseal_secrets, send_heartbeats, send_test
from softfactory.kernel.sealing import reseal
from softfactory.kernel.webhooks import is_secret, new_secret, signature
from tests.monitoring.makers import make_channel
from tests.receivers import Answer, http_receiver

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def hook(db, settings):
    """A receiver on loopback, which may be called."""
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with http_receiver() as receiver:
        yield receiver


@pytest.fixture
def heartbeat(hook):
    """A channel that listens for a heartbeat; rules were evaluated just now."""
    AlertRound.objects.create(pk=1, evaluated_at=NOW, next_at=NOW)
    return make_channel(f"{hook.url}/ping", kind="heartbeat", secret="")


def beat(seconds):
    AlertRound.objects.update(evaluated_at=NOW + timedelta(seconds=seconds))
    return send_heartbeats(NOW + timedelta(seconds=seconds))


@pytest.mark.usefixtures("heartbeat")
def test_beats_once_a_minute(hook):
    assert [beat(seconds) for seconds in (0, 30, 59, 60, 100, 120)] == [1, 0, 0, 1, 0, 1]
    assert {(r.method, r.path, r.body) for r in hook.received} == {("POST", "/ping", b"")}


@pytest.mark.usefixtures("heartbeat")
def test_stops_when_the_rounds_stop(hook):
    assert send_heartbeats(NOW + timedelta(seconds=121)) == 0
    assert hook.received == []


def test_stops_if_there_never_was_a_round(heartbeat, hook):
    AlertRound.objects.all().delete()
    assert send_heartbeats(NOW) == 0
    assert hook.received == []


def test_a_heartbeat_that_is_not_heard_is_written_down(heartbeat, hook):
    hook.commands.append(Answer(500))
    version = heartbeat.version
    assert beat(0) == 0
    heartbeat.refresh_from_db()
    assert heartbeat.last_error == f"127.0.0.1:{hook.port} answered 500."
    assert beat(60) == 1
    heartbeat.refresh_from_db()
    assert (heartbeat.last_error, heartbeat.version) == ("", version)


def test_others_hear_no_heartbeat(hook, heartbeat):
    AlertChannel.objects.filter(pk=heartbeat.pk).update(is_enabled=False)
    make_channel(f"{hook.url}/hook")
    assert beat(0) == 0


# --- Tests ----------------------------------------------------------------------------------


def test_a_test_by_webhook_is_signed(hook):
    channel = make_channel(f"{hook.url}/hook")
    assert send_test(channel=channel) == ""
    (request,) = hook.received
    assert json.loads(request.body)["type"] == "alert.test"
    assert request.headers["webhook-signature"] == signature(
        channel.secret,
        message_id=request.headers["webhook-id"],
        timestamp=int(request.headers["webhook-timestamp"]),
        body=request.body,
    )


def test_the_guide_says_how_a_receiver_checks_the_signature(hook, settings):
    guide = (settings.BASE_DIR / "docs" / "guide" / "alerting.md").read_text()
    shown: dict = {}
    exec(guide.split("```python\n")[1].split("```")[0], shown)
    channel = make_channel(f"{hook.url}/hook")
    send_test(channel=channel)
    (request,) = hook.received
    assert shown["is_ours"](channel.secret, request.headers, request.body)
    assert not shown["is_ours"](channel.secret, request.headers, request.body + b" ")
    assert not shown["is_ours"](new_secret(), request.headers, request.body)


def test_a_test_by_mail(db, mailoutbox):
    assert send_test(channel=make_channel()) == ""
    (message,) = mailoutbox
    assert message.subject == "Test of the alerts"
    assert "This is a test" in message.body
    assert "This is a test" in message.alternatives[0].content


def test_a_test_that_does_not_arrive_says_why(hook):
    hook.commands.append(Answer(500))
    failure = send_test(channel=make_channel(f"{hook.url}/hook"))
    assert failure == f"127.0.0.1:{hook.port} answered 500."


# --- Secrets --------------------------------------------------------------------------------


def test_a_secret_is_sealed_and_sealed_anew(db):
    channel = make_channel("https://chef.example/", secret=(secret := new_secret()))
    make_channel()
    before = AlertChannel.objects.get(pk=channel.pk)
    assert before.secret == secret
    assert secret not in before.sealed_key
    assert reseal_secrets(reseal) == 1
    after = AlertChannel.objects.get(pk=channel.pk)
    assert (after.secret, after.version) == (secret, before.version)
    assert after.sealed_key != before.sealed_key


# --- What a channel may be ------------------------------------------------------------------


def test_secrets_are_long_and_of_no_pattern():
    first, second = new_secret(), new_secret()
    assert first != second
    assert is_secret(first)
    assert len(base64.b64decode(first.removeprefix("whsec_"))) == 32


@pytest.mark.parametrize("text", ["", "whsec_", "whsec_c2hvcnQ=", "x" * 44, "whsec_" + "!" * 44])
def test_is_no_secret(text):
    assert not is_secret(text)


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("email", "https://chef.example/"),
        ("email", "nobody"),
        ("webhook", "dee@example.test"),
        ("webhook", "http://chef.example/"),
        ("heartbeat", "ftp://chef.example/"),
        ("heartbeat", "https://ana:secret@chef.example/"),
    ],
)
def test_refuses_an_address_that_nothing_can_be_sent_to(kind, address):
    with pytest.raises(ValidationError) as refusal:
        AlertChannel(kind=kind, address=address, secret="x").clean()
    assert list(refusal.value.message_dict) == ["address"]


def test_a_webhook_has_a_secret_and_an_address_is_told_once(db):
    make_channel()
    for values in ({"address": "https://chef.example/", "secret": ""}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_channel(**values)


def test_the_name_of_a_channel_hides_the_path():
    for address in ("https://chef.example/a-secret", "https://chef.example?a-secret"):
        assert str(AlertChannel(kind="webhook", address=address)) == "chef.example"
