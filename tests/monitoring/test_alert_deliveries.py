"""Deliveries reach a real mail server and a real webhook, once, however those behave."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.models import Alert, AlertDelivery
from monitoring.services.alerts import deliveries
from monitoring.services.alerts.deliveries import (
    LEASE,
    MOST_ATTEMPTS,
    deliver_alerts,
    pause,
    send_again,
)
from monitoring.services.alerts.rounds import judge
from monitoring.services.alerts.silences import end_silence, silence
from softfactory.kernel import clock, outbound
from softfactory.kernel.outbound import Limits
from softfactory.kernel.webhooks import signature
from softfactory.settings import mailer
from tests.monitoring.makers import make_channel, make_rule
from tests.receivers import DROP, HANG, Answer, http_receiver, mail_receiver

START = datetime(2027, 3, 1, 12, tzinfo=UTC)
State = AlertDelivery.State


@pytest.fixture
def hook(db, settings):
    """A webhook's receiver on loopback, which may be called."""
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with http_receiver() as receiver:
        yield receiver


@pytest.fixture
def post(db, settings):
    """A mail server, through which the site sends."""
    with mail_receiver() as receiver:
        settings.MAILERS = {"default": mailer(f"smtp://127.0.0.1:{receiver.port}")}
        yield receiver


def fire(rule=None, *, value=3.2, at=START):
    """An alert that fires, of a rule that fires at once."""
    rule = rule or make_rule(for_seconds=0, recover_seconds=0)
    judge(rule, None, value, now=at)
    return Alert.objects.get(rule=rule, state="firing")


def resolve(alert, *, at):
    judge(alert.rule, Alert.objects.with_rule().get(pk=alert.pk), 0.1, now=at)


def after(**time):
    return START + timedelta(**time)


def only_delivery():
    return AlertDelivery.objects.get()


# --- What is told ---------------------------------------------------------------------------


def test_tells_of_beginning_and_end_by_mail_and_webhook_once(hook, post):
    make_channel()
    make_channel(f"{hook.url}/hook")
    alert = fire()
    assert deliver_alerts(START) == 2
    assert deliver_alerts(after(seconds=5)) == 0
    resolve(alert, at=after(minutes=12))
    assert deliver_alerts(after(minutes=12)) == 2
    assert deliver_alerts(after(days=1)) == 0
    assert [json.loads(r.body)["type"] for r in hook.received] == ["alert.firing", "alert.resolved"]
    assert len(post.received) == 2
    assert set(AlertDelivery.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_a_mail_says_what_is_wrong_and_what_to_look_at(post):
    make_channel()
    fire(make_rule(key="errors", for_seconds=0, look_at="Routes with errors, then the log."))
    deliver_alerts(START)
    (message,) = post.received
    text = message.get_body("plain").get_content()
    for part in (
        "Too many errors needs a look.",
        "Error rate: 3.2 %",
        "Threshold: above 1 %",
        "Since: 2027-03-01 12:00 UTC",
        "Routes with errors, then the log.",
        "http://localhost:8000/monitoring/",
        "/admin/monitoring/alertrule/?q=errors",
    ):
        assert part in text
    page = message.get_body("html").get_content()
    assert '<a href="http://localhost:8000/monitoring/">' in page
    assert message["Auto-Submitted"] == "auto-generated"


def test_mails_of_one_alert_are_one_thread(post):
    make_channel()
    alert = fire()
    deliver_alerts(START)
    resolve(alert, at=after(minutes=12))
    deliver_alerts(after(minutes=12))
    begin, end = post.received
    assert begin["Subject"] == f"Alert #{alert.pk}: Too many errors"
    assert end["Subject"] == f"Re: {begin['Subject']}"
    assert end["References"] == end["In-Reply-To"] == begin["Message-ID"]
    text = end.get_body("plain").get_content()
    assert "Too many errors is over, after 12 minutes." in text
    assert "What to look at" not in text


def test_a_channel_has_a_language(post):
    make_channel(language="ko")
    alert = fire()
    deliver_alerts(START)
    assert str(post.received[0]["Subject"]).startswith("경보")
    assert f"#{alert.pk}" in post.received[0]["Subject"]


def test_names_are_no_markup(post):
    make_channel()
    fire(make_rule(name="<b>A & B</b>", for_seconds=0))
    deliver_alerts(START)
    assert "<b>A & B</b> needs a look" in post.received[0].get_body("plain").get_content()
    assert "&lt;b&gt;A &amp; B" in post.received[0].get_body("html").get_content()


def test_a_webhook_is_signed_as_standard_webhooks_has_it(hook):
    channel = make_channel(f"{hook.url}/hook")
    alert = fire()
    deliver_alerts(START)
    (request,) = hook.received
    signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode()
    key = base64.b64decode(channel.secret.removeprefix("whsec_"))
    digest = hmac.new(key, signed + request.body, "sha256").digest()
    assert request.headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert abs(int(request.headers["webhook-timestamp"]) - clock.now().timestamp()) < 60
    assert request.headers["content-type"] == "application/json"
    document = json.loads(request.body)
    assert document["type"] == "alert.firing"
    assert document["timestamp"] == "2027-03-01T12:00:00+00:00"
    assert document["data"] == {
        "id": alert.pk,
        "state": "firing",
        "rule": alert.rule.key,
        "name": "Too many errors",
        "severity": "warning",
        "metric": "error_rate",
        "comparison": "above",
        "threshold": 1.0,
        "unit": "%",
        "value": 3.2,
        "worst_value": 3.2,
        "since": "2027-03-01T12:00:00+00:00",
        "fired_at": "2027-03-01T12:00:00+00:00",
        "resolved_at": None,
        "look_at": {"text": "The log.", "url": "http://localhost:8000/monitoring/"},
    }


def test_a_signature_is_that_of_the_specification():
    """The example of Standard Webhooks' own tests."""
    signed = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


# --- What goes wrong ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (Answer(500), "127.0.0.1:{port} answered 500."),
        (Answer(404), "127.0.0.1:{port} answered 404."),
        (Answer(302, {"Location": "http://127.0.0.1/"}), "127.0.0.1:{port} answered 302."),
        (DROP, "127.0.0.1 can't be reached, or broke off."),
        (HANG, "127.0.0.1 did not answer in time."),
    ],
)
def test_a_webhook_that_fails_is_tried_again_with_the_same_id(hook, monkeypatch, command, error):
    monkeypatch.setattr(
        outbound.call,
        "__kwdefaults__",
        outbound.call.__kwdefaults__ | {"limits": Limits(read=0.3, total=0.5)},
    )
    make_channel(f"{hook.url}/a-secret-path")
    fire()
    hook.commands.append(command)
    assert deliver_alerts(START) == 0
    delivery = only_delivery()
    assert (delivery.state, delivery.attempts, delivery.lease_until) == (State.WAITING, 1, None)
    assert delivery.last_error == error.format(port=hook.port)
    assert after(seconds=24) <= delivery.next_try_at <= after(seconds=36)
    assert deliver_alerts(after(seconds=20)) == 0
    assert deliver_alerts(after(seconds=40)) == 1
    first, second = hook.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert (only_delivery().state, only_delivery().last_error) == (State.SENT, "")


@pytest.mark.parametrize(
    ("asked", "waits"),
    [("3600", timedelta(hours=1)), ("99999999", None), ("0", None), ("soon", None)],
)
def test_a_webhook_may_ask_for_time(hook, asked, waits):
    make_channel(f"{hook.url}/hook")
    fire()
    hook.commands.append(Answer(429, {"Retry-After": asked}))
    deliver_alerts(START)
    waited = only_delivery().next_try_at - START
    assert waited == waits if waits else waited <= timedelta(seconds=36)


def test_a_webhook_may_ask_for_time_by_a_date(hook):
    make_channel(f"{hook.url}/hook")
    fire()
    until = clock.now() + timedelta(hours=2)
    hook.commands.append(Answer(503, {"Retry-After": f"{until:%a, %d %b %Y %H:%M:%S} GMT"}))
    deliver_alerts(START)
    assert timedelta(minutes=119) < only_delivery().next_try_at - START <= timedelta(hours=2)


def test_a_webhook_that_is_gone_is_given_up(hook, caplog):
    make_channel(f"{hook.url}/a-secret-path")
    fire()
    hook.commands.append(Answer(410))
    deliver_alerts(START)
    assert only_delivery().state == State.FAILED
    assert "did not reach 127.0.0.1" in caplog.text
    assert "a-secret-path" not in caplog.text


def test_an_address_that_is_not_called_is_given_up(db):
    make_channel("https://127.0.0.1/hook")
    fire()
    deliver_alerts(START)
    assert only_delivery().state == State.FAILED
    assert "not on the public Internet" in only_delivery().last_error


@pytest.mark.parametrize(
    ("reply", "state"),
    [("451 later", State.WAITING), ("550 no such mailbox", State.FAILED)],
)
def test_a_mail_that_is_refused(post, reply, state):
    make_channel()
    fire()
    post.replies.append(reply)
    deliver_alerts(START)
    assert only_delivery().state == state
    assert only_delivery().last_error == f"The mail server answered {reply[:3]}."


def test_a_mail_server_that_is_away(db, settings):
    settings.MAILERS = {"default": mailer("smtp://127.0.0.1:1")}
    make_channel()
    fire()
    deliver_alerts(START)
    assert only_delivery().state == State.WAITING
    assert "ConnectionRefusedError" in only_delivery().last_error


def test_one_that_breaks_keeps_the_others_from_nothing(hook, post, monkeypatch):
    monkeypatch.setattr(deliveries, "SEND", deliveries.SEND | {"webhook": lambda _d: 1 / 0})
    make_channel()
    make_channel(f"{hook.url}/hook")
    fire()
    assert deliver_alerts(START) == 1
    assert AlertDelivery.objects.get(state="waiting").last_error == "ZeroDivisionError"


def test_is_given_up_after_so_many_attempts(hook):
    make_channel(f"{hook.url}/hook")
    fire()
    hook.commands.extend([Answer(500)] * 20)
    for number in range(20):
        deliver_alerts(after(hours=2 * number))
    assert len(hook.received) == MOST_ATTEMPTS
    assert only_delivery().state == State.FAILED


def test_waits_twice_as_long_each_time_up_to_an_hour():
    for attempts, seconds in [(1, 30), (2, 60), (3, 120), (8, 3600), (12, 3600)]:
        assert 0.8 * seconds <= pause(attempts).total_seconds() <= 1.2 * seconds
    assert pause(1, timedelta(days=9)) == timedelta(hours=6)


def test_the_end_is_told_once_the_beginning_is(hook):
    make_channel(f"{hook.url}/hook")
    alert = fire()
    hook.commands.append(Answer(500))
    deliver_alerts(START)
    resolve(alert, at=after(seconds=10))
    assert deliver_alerts(after(seconds=10)) == 0
    deliver_alerts(after(seconds=60))
    deliver_alerts(after(seconds=65))
    told = [json.loads(request.body)["type"] for request in hook.received]
    assert told == ["alert.firing", "alert.firing", "alert.resolved"]


# --- Claims ---------------------------------------------------------------------------------


def test_what_another_clock_is_sending_is_left_to_it(hook):
    make_channel(f"{hook.url}/hook")
    fire()
    AlertDelivery.objects.update(lease_until=after(seconds=60), attempts=1)
    assert deliver_alerts(after(seconds=59)) == 0
    assert deliver_alerts(after(seconds=60)) == 1
    assert only_delivery().attempts == 2


def test_a_clock_that_was_too_slow_records_nothing(hook):
    make_channel(f"{hook.url}/hook")
    fire()
    (claimed,) = deliveries._claim(START)
    AlertDelivery.objects.update(lease_until=START + LEASE + timedelta(seconds=30), attempts=2)
    deliveries._record(claimed, None, now=START)
    assert only_delivery().state == State.WAITING


def test_nothing_to_send_costs_one_query(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        deliver_alerts(START)


def test_nothing_is_sent_inside_a_transaction(hook, post):
    make_channel()
    make_channel(f"{hook.url}/hook")
    fire()
    with CaptureQueriesContext(connection) as queries:
        deliver_alerts(START)
    assert not [query for query in queries if "SAVEPOINT" in query["sql"]]


# --- Silences, and once more ----------------------------------------------------------------


def test_a_silence_holds_it_back_until_it_ends(hook, dee):
    make_channel(f"{hook.url}/hook")
    alert = fire()
    silence(rule=alert.rule, lasting=timedelta(hours=1), by=dee, now=START)
    assert deliver_alerts(START) == 0
    assert (only_delivery().attempts, only_delivery().next_try_at) == (0, after(hours=1))
    assert deliver_alerts(after(minutes=59)) == 0
    assert deliver_alerts(after(hours=1)) == 1


def test_a_silence_of_all_rules_is_one_of_this_rule(hook, dee):
    make_channel(f"{hook.url}/hook")
    fire()
    silence(rule=None, lasting=timedelta(hours=1), by=dee, now=START)
    assert deliver_alerts(START) == 0


def test_a_silence_of_another_rule_is_none_of_this_rule(hook, dee):
    make_channel(f"{hook.url}/hook")
    fire()
    silence(rule=make_rule(), lasting=timedelta(hours=1), by=dee, now=START)
    assert deliver_alerts(START) == 1


def test_what_still_fires_is_told_when_a_silence_is_ended(hook, dee):
    make_channel(f"{hook.url}/hook")
    alert = fire()
    held = silence(rule=alert.rule, lasting=timedelta(hours=1), by=dee, now=START)
    deliver_alerts(START)
    assert end_silence(silence=held, now=after(minutes=1))
    assert not end_silence(silence=held, now=after(minutes=1))
    assert deliver_alerts(after(minutes=1)) == 1


def test_is_sent_again_when_asked(hook):
    make_channel(f"{hook.url}/hook")
    fire()
    deliver_alerts(START)
    assert send_again(delivery=only_delivery(), now=after(hours=1))
    assert not send_again(delivery=only_delivery(), now=after(hours=1))
    assert deliver_alerts(after(hours=1)) == 1
    first, second = hook.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
