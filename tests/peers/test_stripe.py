"""Stripe's gateway against localstripe, which imitates a part: see docs/decisions/payments.md."""

import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from softfactory.kernel import clock
from softfactory.payments.gateways.protocol import Order, Refused, Unavailable
from softfactory.payments.gateways.stripe import StripeGateway
from softfactory.payments.webhooks import read_event
from tests.payments.gateway_contract import GatewayContract
from tests.programs import running
from tests.site import ROOT, free_port

KEY, SECRET = "sk_test_12345", "whsec_test"
NUMBERS = {
    "ok": "4242424242424242",
    "declined": "4000000000000341",
    "authenticate": "4000002500003155",
    "refused": "4000000000000002",
}


class LocalStripe:
    """One that runs, and the browser that talks to it."""

    def __init__(self, port):
        self.address = f"http://127.0.0.1:{port}"
        self.gateway = StripeGateway()

    def post(self, path, **fields):
        request = Request(
            self.address + path,
            data=urlencode(fields).encode(),
            headers={"Authorization": f"Bearer {KEY}"},
        )
        with urlopen(request) as answer:
            return json.load(answer)

    def listen(self, port):
        """Let events be sent to a port of this computer."""
        fields = {"url": f"http://127.0.0.1:{port}/", "secret": SECRET}
        request = Request(
            f"{self.address}/_config/webhooks/ours",
            data=json.dumps(fields).encode(),
            headers={
                "Authorization": f"Bearer {KEY}",
                "Content-Type": "application/json",
            },
        )
        urlopen(request).close()

    def token(self, card):
        """What a browser gets for a card's number."""
        card = {"number": NUMBERS[card], "exp_month": 12, "exp_year": 2049, "cvc": "123"}
        fields = {f"card[{name}]": value for name, value in card.items()}
        return self.post("/v1/payment_methods", type="card", **fields)["id"]

    def confirm_setup(self, secret, card):
        """What Stripe.js does with a card's number: returns the name of the SetupIntent."""
        reference = secret.partition("_secret_")[0]
        path = f"/v1/setup_intents/{reference}/confirm"
        self.post(path, client_secret=secret, payment_method=self.token(card))
        return reference

    def answer(self, outcome, *, is_allowed):
        self.post(
            f"/v1/payment_intents/{outcome.reference}/_authenticate",
            client_secret=outcome.action["client_secret"],
            success=str(is_allowed).lower(),
        )


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """The port of a localstripe of our own."""
    python = ROOT / ".venv-peers" / "bin" / "python"
    if not python.exists():
        pytest.fail("localstripe is not installed (VENV=.venv-peers bin/bootstrap peers)")
    port = free_port()
    folder = tmp_path_factory.mktemp("stripe")

    def is_ready():
        try:
            urlopen(f"http://127.0.0.1:{port}/")
        except URLError as error:
            return hasattr(error, "code")
        return True

    command = [str(python), str(ROOT / "tests" / "peers" / "stripe_server.py"), str(port)]
    with running(command, log=folder / "log", is_ready=is_ready, env={"TMPDIR": str(folder)}):
        yield port


@pytest.fixture
def bank(port, settings):
    settings.STRIPE_SECRET_KEY = KEY
    settings.STRIPE_API_BASE = f"http://127.0.0.1:{port}"
    return LocalStripe(port)


@pytest.fixture
def listener():
    """A server that keeps what it is sent."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.heard.put((self.headers, body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.heard = queue.Queue()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def order_of_ana(bank):
    card = bank.gateway.add_card(bank.token("ok"), owner="ana", customer="", key="ana")
    return Order(
        key="payment-7-20270101",
        amount=9_900,
        currency="KRW",
        card=card.reference,
        customer=card.customer_reference,
        created_at=clock.now(),
    )


class TestStripe(GatewayContract):
    """The contract."""


def test_a_card_that_the_browser_set_up_is_kept(bank):
    first = bank.gateway.add_card(bank.token("ok"), owner="ana", customer="", key="a")
    customer = first.customer_reference
    secret = bank.gateway.prepare_card(owner="ana", customer=customer, key="b")

    token = bank.confirm_setup(secret, "declined")
    card = bank.gateway.add_card(token, owner="ana", customer=customer, key="c")

    assert (card.last4, card.customer_reference) == ("0341", customer)


def test_a_first_card_that_the_browser_set_up_has_a_customer(bank):
    token = bank.confirm_setup(bank.gateway.prepare_card(owner="ana", customer="", key="a"), "ok")

    card = bank.gateway.add_card(token, owner="ana", customer="", key="b")

    assert card.customer_reference.startswith("cus_")
    again = bank.gateway.add_card(token, owner="ana", customer=card.customer_reference, key="c")
    assert again == card


@pytest.mark.parametrize("owner", ["ben", "ana"])
def test_a_card_that_is_somebody_elses_or_not_set_up_is_refused(bank, owner):
    secret = bank.gateway.prepare_card(owner="ana", customer="", key="a")
    token = secret.partition("_secret_")[0] if owner == "ana" else bank.confirm_setup(secret, "ok")

    with pytest.raises(Refused) as refusal:
        bank.gateway.add_card(token, owner=owner, customer="", key="b")

    assert refusal.value.code == ("authentication_failed" if owner == "ana" else "card_unknown")


def test_a_card_of_another_customer_is_refused(bank):
    card = bank.gateway.add_card(bank.token("ok"), owner="ana", customer="", key="a")

    with pytest.raises(Refused) as refusal:
        bank.gateway.add_card(card.reference, owner="ben", customer="", key="b")

    assert refusal.value.code == "card_unknown"


def test_a_server_that_is_not_there_did_nothing(settings):
    settings.STRIPE_SECRET_KEY = KEY
    settings.STRIPE_API_BASE = f"http://127.0.0.1:{free_port()}"

    with pytest.raises(Unavailable):
        StripeGateway().remove_card("pm_1")


def test_an_event_of_its_own_is_taken(bank, order_of_ana, listener):
    bank.listen(listener.server_port)

    outcome = bank.gateway.charge(order_of_ana)

    for headers, body in iter(lambda: listener.heard.get(timeout=10), None):
        event = read_event(body, headers["Stripe-Signature"], secrets=[SECRET], now=clock.now())
        if event.reference == outcome.reference:
            break
    assert (event.kind, event.key) == ("payment_intent.succeeded", order_of_ana.key)
