"""The pages of webhooks: a server is added, tried out, changed, and what it was told is there."""

import pytest
from django.urls import reverse

from softfactory.accounts.models import WebhookDelivery, WebhookEndpoint
from softfactory.accounts.services.delivering import deliver_due
from softfactory.kernel import clock
from tests.accounts.test_webhooks import happen
from tests.makers import make_delivery, make_endpoint
from tests.receivers import Answer, http_receiver

PAGES = "/account/webhooks"


@pytest.fixture
def hook(db, settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with http_receiver() as receiver:
        yield receiver


def test_the_account_leads_there_and_an_empty_list_says_what_it_is_for(browse, ana):
    browser = browse(ana)
    assert PAGES in browser.get("/account").text
    empty = browser.get(PAGES).text
    assert "No endpoints yet" in empty
    assert f"{PAGES}/new" in empty


def test_one_is_added_and_its_secret_shown_once(browse, ana):
    browser = browse(ana)
    form = {"url": "https://hooks.example/in?key=secret", "types": ["booking.created"]}
    made = browser.post(f"{PAGES}/new", form)

    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.secret in made.text
    assert made["Cache-Control"] == "private, no-store"
    assert endpoint.secret not in browser.get(f"{PAGES}/{endpoint.pk}").text
    listed = browser.get(PAGES).text
    assert "hooks.example" in listed
    assert "key=secret" not in listed


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "http://hooks.example/"}, "Only https addresses are called"),
        ({"url": "https://localhost/"}, "not on the public Internet"),
        ({"types": []}, "required"),
    ],
)
def test_what_can_not_be_is_said_on_the_form(browse, ana, change, words):
    form = {"url": "https://hooks.example/", "types": ["booking.created"]} | change
    assert words in browse(ana).post(f"{PAGES}/new", form).text
    assert not WebhookEndpoint.objects.exists()


def test_an_eleventh_is_refused_on_the_form(browse, ana):
    for number in range(10):
        make_endpoint(ana, f"https://hooks.example/{number}")
    form = {"url": "https://hooks.example/", "types": ["booking.created"]}
    assert "Delete one." in browse(ana).post(f"{PAGES}/new", form).text


def test_it_is_changed_and_switched_off_and_on(browse, ana):
    endpoint, _secret = make_endpoint(ana)
    browser, address = browse(ana), f"{PAGES}/{endpoint.pk}"
    form = {"url": "https://other.example/", "types": ["invoice.paid"], "is_active": "False"}
    assert browser.post(address, form).status_code == 302
    endpoint.refresh_from_db()
    assert (endpoint.url, endpoint.types) == (form["url"], form["types"])
    assert (endpoint.is_active, endpoint.disabled_reason) == (False, "owner")
    assert "You switched it off" in browser.get(address).text

    assert "This endpoint is off" in browser.post(f"{address}/test", follow=True).text
    browser.post(address, form | {"is_active": "True"})
    endpoint.refresh_from_db()
    assert endpoint.is_active


def test_a_ping_is_sent_and_its_delivery_shown_with_every_attempt(browse, ana, hook):
    hook.commands.append(Answer(500, body=b"<b>out of soup</b>"))
    endpoint, _secret = make_endpoint(ana, hook.url)
    browser = browse(ana)

    sent = browser.post(f"{PAGES}/{endpoint.pk}/test", follow=True)
    delivery = WebhookDelivery.objects.get()
    assert sent.redirect_chain == [(f"/account/webhook-deliveries/{delivery.pk}", 302)]
    assert "None was made yet." in sent.text
    deliver_due(clock.now())
    shown = browser.get(f"/account/webhook-deliveries/{delivery.pk}").text
    assert "Answered 500" in shown
    assert "&lt;b&gt;out of soup" in shown
    assert delivery.event.message_id in shown
    page = browser.get(f"{PAGES}/{endpoint.pk}").text
    assert "Failing" in page
    assert "It has taken nothing since" in page


def test_what_has_ended_is_sent_again(browse, ana, hook):
    make_endpoint(ana, hook.url)
    happen(ana, now=clock.now())
    deliver_due(clock.now())
    address = f"/account/webhook-deliveries/{WebhookDelivery.objects.get().pk}"
    browser = browse(ana)

    assert "Send again" in browser.get(address).text
    assert "It is sent again." in browser.post(address, follow=True).text
    assert "about to be sent" in browser.post(address, follow=True).text
    deliver_due(clock.now())
    assert len(hook.received) == 2


def test_a_secret_is_replaced_after_a_question(browse, ana):
    endpoint, old = make_endpoint(ana)
    address = f"{PAGES}/{endpoint.pk}/secret"
    assert "24 hours" in browse(ana).get(address).text
    shown = browse(ana).post(address).text

    endpoint.refresh_from_db()
    assert endpoint.secret in shown
    assert endpoint.secrets_at(clock.now()) == [endpoint.secret, old]


def test_it_is_deleted_after_a_question(browse, ana):
    endpoint, _secret = make_endpoint(ana)
    address = f"{PAGES}/{endpoint.pk}/delete"
    assert "cannot be undone" in browse(ana).get(address).text
    assert browse(ana).post(address).status_code == 302
    assert browse(ana).get(f"{PAGES}/{endpoint.pk}").status_code == 404


def test_staff_sends_again_in_the_admin_and_changes_nothing(browse, ana, dee):
    delivery = make_delivery(ana)
    browser = browse(dee)
    listed = reverse("admin:accounts_webhookdelivery_changelist")
    chosen = {"action": "send_again", "_selected_action": [delivery.pk]}

    assert "1 delivery is sent again." in browser.post(listed, chosen, follow=True).text
    delivery.refresh_from_db()
    assert delivery.state == "waiting"
    shown = browser.get(reverse("admin:accounts_webhookdelivery_change", args=[delivery.pk]))
    assert 'name="_save"' not in shown.text
    endpoint = reverse("admin:accounts_webhookendpoint_change", args=[delivery.endpoint_id])
    assert "hooks.example/in" not in browser.get(endpoint).text
