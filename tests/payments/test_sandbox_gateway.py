"""The sandbox does what every gateway does, and each key's work once."""

import pytest

from softfactory.payments.gateways.protocol import TimedOut, Unavailable
from softfactory.payments.gateways.sandbox import SandboxGateway
from softfactory.payments.models import SandboxCharge
from tests.payments.gateway_contract import AMOUNT, GatewayContract


class Bank:
    gateway = SandboxGateway()

    def token(self, card):
        return f"card_{card}"

    def answer(self, outcome, *, is_allowed):
        self.gateway.answer(outcome.reference, is_allowed=is_allowed)


@pytest.mark.django_db
class TestSandbox(GatewayContract):
    @pytest.fixture
    def bank(self):
        return Bank()

    def test_the_same_key_is_charged_once(self, gateway, order):
        wish = order()

        assert gateway.charge(wish) == gateway.charge(wish)
        assert SandboxCharge.objects.count() == 1

    def test_the_same_key_is_given_back_once(self, gateway, order):
        wish = order()
        gateway.charge(wish)

        for _ in range(2):
            gateway.refund(wish, amount=4_000, key="a")

        assert gateway.find(wish).refunded == 4_000

    def test_no_more_is_given_back_than_was_taken(self, gateway, order):
        wish = order()
        gateway.charge(wish)

        refund = gateway.refund(wish, amount=AMOUNT + 1, key="a")

        assert (refund.state, refund.failure) == ("failed", "more_than_was_taken")

    def test_a_card_that_forgets_to_answer_has_paid(self, gateway, order):
        wish = order("slow")

        with pytest.raises(TimedOut):
            gateway.charge(wish)

        assert gateway.find(wish).state == "succeeded"

    def test_what_it_never_heard_of_is_not_captured(self, gateway, order):
        with pytest.raises(Unavailable):
            gateway.capture(order(), 1)
