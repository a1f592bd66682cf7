"""Endpoints and deliveries by the API: one's own alone, secrets shown once, versions heeded."""

import pytest
from standardwebhooks.webhooks import Webhook

from softfactory.accounts.models import WebhookDelivery, WebhookEndpoint
from softfactory.accounts.services.delivering import deliver_due
from softfactory.kernel import clock
from tests.accounts.test_webhooks import happen
from tests.makers import HAPPENED, make_endpoint
from tests.receivers import Answer, http_receiver

ENDPOINTS, DELIVERIES = "/api/platform/webhook-endpoints", "/api/platform/webhook-deliveries"
NEW = {"url": "https://hooks.example/in", "types": [HAPPENED, "booking.created", HAPPENED]}


@pytest.fixture
def hook(db, settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with http_receiver() as receiver:
        yield receiver


def test_the_secret_is_shown_once(api, ana):
    made = api(ana).post(ENDPOINTS, NEW)

    assert made.status_code == 201
    body = made.json()
    assert body["secret"].startswith("whsec_")
    assert body["types"] == ["booking.created", HAPPENED]
    shown = api(ana).get(made["Location"])
    assert shown.json() == {name: body[name] for name in body if name != "secret"}
    assert shown["ETag"].split(".")[0] == made["ETag"].split(".")[0]
    assert api(ana).get(ENDPOINTS).json()["results"] == [shown.json()]


def test_one_that_is_new_hears_a_ping_and_verifies_it(api, ana, hook):
    made = api(ana).post(ENDPOINTS, NEW | {"url": hook.url}).json()
    asked = api(ana).post(f"{ENDPOINTS}/{made['id']}/test")

    assert asked.status_code == 201
    assert asked.json()["state"] == "waiting"
    assert deliver_due(clock.now()) == 1
    told = Webhook(made["secret"]).verify(hook.received[0].body, hook.received[0].headers)
    assert (told["type"], told["data"]) == ("ping", {"endpoint_id": made["id"]})
    shown = api(ana).get(f"{DELIVERIES}/{asked.json()['id']}").json()
    assert shown["state"] == "sent"
    assert shown["message"] == told
    assert shown["message_id"] == hook.received[0].headers["webhook-id"]
    assert [attempt["status"] for attempt in shown["attempts"]] == [204]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "http://hooks.example/"}, "url"),
        ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": "https://localhost/"}, "url"),
        ({"url": "https://me:pass@hooks.example/"}, "url"),
        ({"url": ""}, "url"),
        ({"url": 5}, "url"),
        ({"types": []}, "types"),
        ({"types": ["booking.eaten"]}, "types"),
        ({"types": [5]}, "types.0"),
        ({"types": "booking.created"}, "types"),
        ({"secret": "whsec_"}, "secret"),
        ({"owner": 1}, "owner"),
    ],
)
def test_refuses_what_can_not_be(api, ana, change, field):
    refused = api(ana).post(ENDPOINTS, NEW | change)

    assert refused.status_code == 400
    assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert not WebhookEndpoint.objects.exists()


def test_an_eleventh_is_refused(api, ana):
    for number in range(10):
        make_endpoint(ana, f"https://hooks.example/{number}")

    refused = api(ana).post(ENDPOINTS, NEW)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_endpoints")


def test_an_answer_with_a_secret_is_not_repeated(api, ana):
    endpoint, _secret = make_endpoint(ana)
    for address in (ENDPOINTS, f"{ENDPOINTS}/{endpoint.pk}/rotate-secret"):
        refused = api(ana).post(address, NEW, headers={"Idempotency-Key": "1"})
        assert refused.json()["code"] == "idempotency_key_refused"


def test_a_change_heeds_its_version(api, ana):
    endpoint, _secret = make_endpoint(ana)
    address = f"{ENDPOINTS}/{endpoint.pk}"
    etag = api(ana).get(address)["ETag"]

    assert api(ana).patch(address, {"is_active": False}).status_code == 428
    edited = api(ana).patch(address, {"is_active": False}, headers={"If-Match": etag})
    assert (edited.json()["is_active"], edited.json()["disabled_reason"]) == (False, "owner")
    assert api(ana).patch(address, {}, headers={"If-Match": etag}).status_code == 412
    on = api(ana).patch(address, {"is_active": True}, headers={"If-Match": edited["ETag"]})
    assert (on.json()["is_active"], on.json()["disabled_reason"]) == (True, "")
    assert api(ana).delete(address, headers={"If-Match": etag}).status_code == 412
    assert api(ana).delete(address).status_code == 204
    assert api(ana).get(address).status_code == 404
    assert api(ana).delete(address).status_code == 404


def test_a_new_secret(api, ana):
    endpoint, old = make_endpoint(ana)
    rotated = api(ana).post(f"{ENDPOINTS}/{endpoint.pk}/rotate-secret")

    assert rotated.status_code == 200
    assert rotated.json()["secret"] != old
    assert rotated.json()["old_key_until"]
    endpoint.refresh_from_db()
    assert endpoint.secrets_at(clock.now()) == [rotated.json()["secret"], old]


def test_what_is_off_is_not_tried_out(api, ana):
    endpoint, _secret = make_endpoint(ana)
    WebhookEndpoint.objects.update(is_active=False, disabled_reason="gone")

    refused = api(ana).post(f"{ENDPOINTS}/{endpoint.pk}/test")
    assert (refused.status_code, refused.json()["code"]) == (409, "endpoint_off")


def test_deliveries_are_found_by_endpoint_and_state(api, ana, hook):
    hook.commands.append(Answer(410))
    gone, _secret = make_endpoint(ana, f"{hook.url}/gone")
    happen(ana, now=clock.now())
    deliver_due(clock.now())
    other, _secret = make_endpoint(ana, hook.url)
    happen(ana, now=clock.now())

    def found(query):
        rows = api(ana).get(f"{DELIVERIES}?{query}").json()["results"]
        return [(row["endpoint_id"], row["state"]) for row in rows]

    assert found("") == [(other.pk, "waiting"), (gone.pk, "failed")]
    assert found("state=failed") == [(gone.pk, "failed")]
    assert found(f"endpoint={other.pk}") == [(other.pk, "waiting")]
    assert found(f"endpoint={other.pk}&state=sent") == []
    assert api(ana).get(f"{DELIVERIES}?state=lost").status_code == 400
    assert api(ana).get(f"{DELIVERIES}?endpoint=x").status_code == 400


def test_one_that_has_ended_is_sent_again(api, ana, hook):
    make_endpoint(ana, hook.url)
    happen(ana, now=clock.now())
    address = f"{DELIVERIES}/{WebhookDelivery.objects.get().pk}/resend"

    refused = api(ana).post(address)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_ended")
    deliver_due(clock.now())
    key = {"Idempotency-Key": "again"}
    first, second = (api(ana).post(address, headers=key) for _time in range(2))
    assert first.status_code == second.status_code == 200
    assert second["Idempotency-Replayed"] == "true"
    assert deliver_due(clock.now()) == 1
    assert len(hook.received) == 2


def test_nobody_sees_those_of_others(api, ana, cho):
    endpoint, _secret = make_endpoint(ana)
    happen(ana)
    delivery = WebhookDelivery.objects.get()

    assert api(cho).get(ENDPOINTS).json()["results"] == []
    assert api(cho).get(DELIVERIES).json()["results"] == []
    for address in (
        f"{ENDPOINTS}/{endpoint.pk}/test",
        f"{ENDPOINTS}/{endpoint.pk}/rotate-secret",
        f"{DELIVERIES}/{delivery.pk}/resend",
    ):
        assert api(cho).post(address).status_code == 404
    assert api(cho).get(f"{DELIVERIES}?endpoint={endpoint.pk}").json()["results"] == []


def test_reading_takes_one_scope_and_writing_another(api, ana):
    assert api(ana, scopes=["accounts:write"]).get(ENDPOINTS).status_code == 403
    assert api(ana, scopes=["accounts:read"]).post(ENDPOINTS, NEW).status_code == 403
