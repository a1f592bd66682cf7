"""Webhooks reach a real server, signed, however it behaves; nothing is told that did not happen."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from softfactory.accounts import tasks
from softfactory.accounts.models import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)
from softfactory.accounts.services import delivering
from softfactory.accounts.services.delivering import (
    LEASE,
    WAITS,
    deliver_due,
    deliver_event,
    send_again,
)
from softfactory.accounts.services.emitting import emit, prune_events
from softfactory.accounts.services.endpoints import (
    create_endpoint,
    delete_endpoint,
    edit_endpoint,
    rotate_secret,
)
from softfactory.kernel import clock
from softfactory.kernel.outbound import Limits
from softfactory.kernel.problems import Conflict
from softfactory.kernel.registry import due, invariants
from tests.makers import HAPPENED, make_endpoint
from tests.receivers import DROP, HANG, TRICKLE, Answer, http_receiver

START = datetime(2027, 3, 1, 12, tzinfo=UTC)
State = WebhookDelivery.State


@pytest.fixture
def hook(db, settings):
    """Somebody's server on loopback, which may be called."""
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with http_receiver() as receiver:
        yield receiver


@pytest.fixture
def quick(monkeypatch):
    """Nobody waits for 15 seconds in a test."""
    monkeypatch.setattr(delivering, "LIMITS", Limits(connect=2, read=0.3, total=0.6))


def happen(*users, pk=7, now=START):
    """Something happens to these users."""
    emit(HAPPENED, pk, to=[user.pk for user in users], now=now)


def the_delivery():
    return WebhookDelivery.objects.get()


def violations():
    return {key: count() for key, count in invariants.items() if key.startswith("accounts.")}


def test_an_event_arrives_as_the_standard_has_it(hook, ana):
    _endpoint, secret = make_endpoint(ana, f"{hook.url}/in?for=ana")
    now = clock.now()
    happen(ana, now=now)

    assert deliver_due(now) == 1

    (request,) = hook.received
    told = Webhook(secret).verify(request.body, request.headers)
    assert told == {
        "type": HAPPENED,
        "timestamp": now.isoformat().replace("+00:00", "Z"),
        "data": {"id": 7},
    }
    assert (request.method, request.path) == ("POST", "/in?for=ana")
    assert request.headers["content-type"] == "application/json"
    assert request.headers["webhook-id"] == WebhookEvent.objects.get().message_id
    assert the_delivery().state == State.SENT
    assert not any(violations().values())


def test_a_message_that_was_changed_is_not_ours(hook, ana):
    _endpoint, secret = make_endpoint(ana, hook.url)
    happen(ana, now=(now := clock.now()))
    deliver_due(now)

    (request,) = hook.received
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(request.body.replace(b"7", b"8"), request.headers)


def test_for_a_day_after_a_change_both_secrets_sign(hook, ana):
    endpoint, old = make_endpoint(ana, hook.url)
    now = clock.now()
    new = rotate_secret(endpoint=endpoint, now=now).secret
    assert new != old

    for at in (now, now + timedelta(hours=25)):
        happen(ana, now=at)
        assert deliver_due(at) == 1

    both, new_alone = hook.received
    for secret in (old, new):
        Webhook(secret).verify(both.body, both.headers)
    Webhook(new).verify(new_alone.body, new_alone.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(new_alone.body, new_alone.headers)


def test_secrets_are_sealed_and_go_with_their_endpoint(ana):
    endpoint, secret = make_endpoint(ana)
    rotate_secret(endpoint=endpoint, now=START)
    endpoint.refresh_from_db()
    assert secret not in f"{endpoint.sealed_key} {endpoint.sealed_old_key}"
    assert secret in endpoint.secrets_at(START)

    delete_endpoint(endpoint=endpoint, now=START)
    endpoint.refresh_from_db()
    assert (endpoint.sealed_key, endpoint.sealed_old_key) == ("", "")


def test_after_a_rotation_of_keys_the_old_one_is_not_needed(ana, settings):
    endpoint, old = make_endpoint(ana)
    new = rotate_secret(endpoint=endpoint, now=START).secret
    first, second = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    settings.FIELD_KEYS = [second, first]
    out = StringIO()
    call_command("rotate_field_keys", stdout=out)

    assert "1  accounts.endpoints" in out.getvalue()
    settings.FIELD_KEYS = [second]
    endpoint.refresh_from_db()
    assert endpoint.secrets_at(START) == [new, old]


def test_only_its_owner_hears_and_only_what_was_asked_for(hook, ana, ben):
    make_endpoint(ana, hook.url, types=[])
    make_endpoint(ben, hook.url)

    happen(ana)
    assert not WebhookEvent.objects.exists()

    happen(ana, ben, ben)
    assert WebhookEvent.objects.get().owner == ben
    assert WebhookDelivery.objects.count() == 1


def test_where_nobody_listens_nothing_is_asked_and_nothing_recorded(ana):
    happen(ana)  # looks who listens

    with CaptureQueriesContext(connection) as queries:
        happen(ana)
    assert len(queries) == 0
    assert not WebhookEvent.objects.exists()


def test_whoever_begins_to_listen_is_told_of_the_next_event(ana):
    happen(ana)
    endpoint, _secret = make_endpoint(ana)
    happen(ana)
    edit_endpoint(endpoint=endpoint, versions=None, now=START, is_active=False)
    happen(ana)
    edit_endpoint(endpoint=endpoint, versions=None, now=START, is_active=True)
    happen(ana)

    assert WebhookEvent.objects.count() == 2


def test_what_is_rolled_back_is_not_told(ana):
    make_endpoint(ana)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        happen(ana)
        1 / 0  # noqa: B018
    assert not WebhookEvent.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_the_worker_is_told_and_comes_to_it_after_all_that_cannot_wait(hook, ana):
    make_endpoint(ana, hook.url)
    happen(ana, now=clock.now())

    task = DBTaskResult.objects.get()
    event = WebhookEvent.objects.get()
    assert task.args_kwargs["args"] == ["accounts.webhooks", event.pk]
    assert task.priority < 0
    tasks.deliver_event(event.pk)
    tasks.deliver_event(event.pk)
    assert len(hook.received) == 1


@pytest.mark.parametrize(
    ("answer", "status", "failure"),
    [
        (Answer(500, body=b"oh no"), 500, ""),
        (Answer(302, {"Location": "http://127.0.0.1:1/"}), 302, ""),
        (DROP, None, "unreachable"),
        (HANG, None, "timed_out"),
        (TRICKLE, None, "timed_out"),
        (Answer(200, body=b"x" * 1_100_000), None, "too_large"),
    ],
)
@pytest.mark.usefixtures("quick")
def test_what_is_not_taken_is_recorded_and_sent_again(hook, ana, answer, status, failure):
    endpoint, _secret = make_endpoint(ana, hook.url)
    hook.commands.append(answer)
    happen(ana)

    assert deliver_due(START) == 0
    attempt = WebhookAttempt.objects.get()
    assert (attempt.status, attempt.failure) == (status, failure)
    assert attempt.answer == ("oh no" if status == 500 else "")
    endpoint.refresh_from_db()
    assert endpoint.failing_since == START
    assert deliver_due(START + timedelta(seconds=1)) == 0

    assert deliver_due(START + timedelta(seconds=6)) == 1
    first, second = hook.received
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    endpoint.refresh_from_db()
    assert endpoint.failing_since is None
    assert not any(violations().values())


def test_a_redirect_to_this_machine_is_not_followed(hook, ana, settings):
    make_endpoint(ana, hook.url)
    hook.commands.append(Answer(307, {"Location": f"{hook.url}/elsewhere"}))
    happen(ana)

    assert deliver_due(START) == 0
    assert [request.path for request in hook.received] == ["/"]


@pytest.mark.usefixtures("db")
def test_an_address_that_has_come_to_mean_this_machine_is_not_called(ana, monkeypatch):
    make_endpoint(ana, "https://hooks.ana.example/in")
    here = [(2, 1, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **kwargs: here)
    happen(ana)

    assert deliver_due(START) == 0
    assert WebhookAttempt.objects.get().failure == "refused"


def test_of_an_answer_its_beginning_is_kept(hook, ana):
    make_endpoint(ana, hook.url)
    hook.commands.append(Answer(400, body="\0밥".encode() * 1_000 + b"\xff"))
    happen(ana)
    deliver_due(START)

    answer = WebhookAttempt.objects.get().answer
    assert len(answer) < 1_001
    assert answer.startswith("�밥")


def test_it_is_tried_for_three_days(hook, ana):
    make_endpoint(ana, hook.url)
    hook.commands.extend([Answer(503)] * 20)
    happen(ana)

    now, tries = START, 0
    while the_delivery().state == State.WAITING:
        now = the_delivery().due_at
        deliver_due(now)
        tries += 1
    assert tries == len(WAITS) + 1
    assert timedelta(days=2.7) < now - START < timedelta(days=3.6)
    assert the_delivery().state == State.FAILED
    assert not any(violations().values())


def test_a_receiver_may_ask_for_more_time(hook, ana):
    make_endpoint(ana, hook.url)
    hook.commands.append(Answer(429, {"Retry-After": "3600"}))
    happen(ana)
    deliver_due(START)

    assert the_delivery().due_at == START + timedelta(hours=1)


def test_one_that_is_gone_is_switched_off_and_its_owner_told(hook, ana):
    endpoint, _secret = make_endpoint(ana, f"{hook.url}/secret-path")
    hook.commands.append(Answer(410))
    happen(ana)
    deliver_due(START)

    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.disabled_reason) == (False, "gone")
    assert the_delivery().state == State.FAILED
    tasks.tell_of_endpoint_off(endpoint.pk)
    (message,) = mail.outbox
    assert message.to == [ana.email]
    assert f"/account/webhooks/{endpoint.pk}" in message.body
    assert "secret-path" not in message.body


def test_one_that_fails_for_five_days_is_switched_off(hook, ana):
    endpoint, _secret = make_endpoint(ana, hook.url)
    hook.commands.extend([Answer(500)] * 3)
    for days in (0, 4, 5):
        happen(ana, now=(at := START + timedelta(days=days)))
        deliver_event(WebhookEvent.objects.latest("pk").pk, now=at)  # waits while it fails
        WebhookDelivery.objects.exclude(event__created_at=at).update(due_at=at + timedelta(days=9))
        deliver_due(at)

    assert len(hook.received) == 3
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.disabled_reason) == (False, "failing")
    names = [row["args"][0] for row in DBTaskResult.objects.values_list("args_kwargs", flat=True)]
    assert names.count("accounts.endpoint_off") == 1


def test_what_was_due_when_its_endpoint_went_off_is_dropped(hook, ana):
    endpoint, _secret = make_endpoint(ana, hook.url)
    happen(ana)
    edit_endpoint(endpoint=endpoint, versions=None, now=START, is_active=False)

    assert deliver_due(START) == 0
    assert hook.received == []
    assert the_delivery().state == State.DROPPED
    with pytest.raises(Conflict):
        send_again(delivery=the_delivery(), now=START)

    edit_endpoint(endpoint=endpoint, versions=None, now=START, is_active=True)
    send_again(delivery=the_delivery(), now=START)
    assert deliver_due(START) == 1


def test_what_has_ended_is_sent_again_under_the_same_id(hook, ana):
    make_endpoint(ana, hook.url)
    happen(ana)
    with pytest.raises(Conflict):
        send_again(delivery=the_delivery(), now=START)
    deliver_due(START)

    send_again(delivery=the_delivery(), now=START)
    assert deliver_due(START) == 1
    assert len({request.headers["webhook-id"] for request in hook.received}) == 1
    assert list(WebhookAttempt.objects.values_list("number", flat=True)) == [1, 2]


def test_whoever_is_late_records_an_attempt_and_decides_nothing(hook, ana, monkeypatch):
    """A worker that was away for longer than its lease finds that another one has it."""
    make_endpoint(ana, hook.url)
    happen(ana)
    attempt_all = delivering._attempt_all

    def be_overtaken(claimed, *, now):
        monkeypatch.setattr(delivering, "_attempt_all", attempt_all)
        hook.commands.extend([Answer(204), Answer(500)])
        assert deliver_due(START + LEASE) == 1
        return attempt_all(claimed, now=now)

    monkeypatch.setattr(delivering, "_attempt_all", be_overtaken)
    deliver_due(START)

    assert the_delivery().state == State.SENT
    assert WebhookAttempt.objects.count() == 2
    assert not any(violations().values())


def test_an_endpoint_that_hangs_holds_up_its_own_events_alone(hook, ana, ben):
    make_endpoint(ana, hook.url)
    make_endpoint(ben, f"{hook.url}/ben")
    for number in range(20):
        happen(ana, pk=number)
    happen(ben)

    deliver_due(START)
    assert sorted(request.path for request in hook.received) == ["/", "/", "/ben"]


def test_an_endpoint_that_fails_waits_for_the_clock(hook, ana):
    endpoint, _secret = make_endpoint(ana, hook.url)
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update_derived(failing_since=START)
    happen(ana)

    assert deliver_event(WebhookEvent.objects.get().pk, now=START) == 0
    assert deliver_due(START) == 1


def test_old_events_are_forgotten_with_endpoints_deleted_by_then(hook, ana):
    endpoint, _secret = make_endpoint(ana, hook.url)
    happen(ana)
    deliver_due(START)
    happen(ana)  # and nobody has sent it yet
    delete_endpoint(endpoint=endpoint, now=START)

    assert prune_events(START + timedelta(days=29)) == 0
    assert prune_events(START + timedelta(days=31)) == 1
    assert not WebhookEndpoint.objects.exists()
    assert prune_events(START + timedelta(days=31)) == 1  # there is nobody left to hear of it


def test_the_clock_does_all_of_it():
    registered = dict(due.items())
    assert registered["accounts.webhooks"] is deliver_due
    assert registered["accounts.events"] is prune_events


def test_json_is_what_the_api_would_show(hook, ana):
    make_endpoint(ana, hook.url)
    happen(ana, pk=2**53)
    deliver_due(START)

    assert json.loads(hook.received[0].body)["data"] == {"id": 2**53}


def test_there_are_ten_endpoints_at_most(ana):
    for number in range(10):
        make_endpoint(ana, f"https://hooks.example/{number}")

    with pytest.raises(Conflict) as refusal:
        create_endpoint(user=ana, url="https://hooks.example/", types=[HAPPENED], now=START)
    assert refusal.value.code == "too_many_endpoints"
