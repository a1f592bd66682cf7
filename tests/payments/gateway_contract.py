"""What every gateway has to do, as tests: the sandbox's and Stripe's run the same ones."""

from dataclasses import replace
from typing import Any

import pytest

from softfactory.kernel import clock
from softfactory.payments.gateways.protocol import Gateway, Order, Refused

AMOUNT = 10_000


class GatewayContract:
    """A subclass's fixture `bank` has a `gateway`, and a `token(card)` for each card of `CARDS`."""

    @pytest.fixture
    def gateway(self, bank: Any) -> Gateway:
        return bank.gateway

    @pytest.fixture
    def order(self, bank: Any, request: pytest.FixtureRequest) -> Any:
        """`order("declined")` is a payment by that card, ready to be sent."""
        serial = iter(range(1, 100))

        def make(card: str = "ok", **values: Any) -> Order:
            key = f"{request.node.name}-{next(serial)}-{clock.now().timestamp()}"
            new = bank.gateway.add_card(bank.token(card), owner="ana", customer="", key=key)
            wish = {
                "key": key,
                "amount": AMOUNT,
                "currency": "KRW",
                "card": new.reference,
                "customer": new.customer_reference,
                "created_at": clock.now(),
            }
            return Order(**wish | values)

        return make

    def test_a_card_is_kept_and_forgotten(self, bank, gateway):
        card = gateway.add_card(bank.token("ok"), owner="ana", customer="", key="a")

        assert (card.last4, len(card.customer_reference) > 0) == ("4242", True)
        gateway.remove_card(card.reference)

    def test_a_card_is_prepared_for_the_browser(self, gateway):
        secret = gateway.prepare_card(owner="ana", customer="", key="a")

        assert secret

    def test_a_second_card_is_the_same_customers(self, bank, gateway):
        first = gateway.add_card(bank.token("ok"), owner="ana", customer="", key="a")
        second = gateway.add_card(
            bank.token("declined"), owner="ana", customer=first.customer_reference, key="b"
        )

        assert second.customer_reference == first.customer_reference
        assert second.reference != first.reference

    def test_a_card_that_is_not_kept_is_refused(self, bank, gateway):
        with pytest.raises(Refused) as refusal:
            gateway.add_card(bank.token("refused"), owner="ana", customer="", key="a")

        assert refusal.value.code == "card_declined"

    def test_a_charge_takes_all_at_once(self, gateway, order):
        outcome = gateway.charge(order())

        assert (outcome.state, outcome.captured) == ("succeeded", AMOUNT)
        assert outcome.reference

    def test_a_declined_charge_takes_nothing(self, gateway, order):
        outcome = gateway.charge(order("declined"))

        assert (outcome.state, outcome.captured) == ("failed", 0)
        assert outcome.failure == "card_declined"

    def test_a_bank_that_asks_is_waited_for(self, gateway, order):
        outcome = gateway.charge(order("authenticate"))

        assert (outcome.state, outcome.captured) == ("requires_action", 0)
        assert outcome.action["type"]

    @pytest.mark.parametrize(("is_allowed", "state"), [(True, "succeeded"), (False, "failed")])
    def test_a_bank_that_was_answered_is_heard_when_asked(
        self, bank, gateway, order, is_allowed, state
    ):
        wish = order("authenticate")
        outcome = gateway.charge(wish)

        bank.answer(outcome, is_allowed=is_allowed)

        found = gateway.find(replace(wish, reference=outcome.reference))
        assert found.state == state
        assert found.failure == ("" if is_allowed else "authentication_failed")

    def test_what_is_held_is_taken(self, gateway, order):
        wish = order()
        held = gateway.authorize(wish)
        assert (held.state, held.captured) == ("authorized", 0)

        taken = gateway.capture(replace(wish, reference=held.reference), AMOUNT)

        assert (taken.state, taken.captured) == ("succeeded", AMOUNT)

    def test_a_part_of_what_is_held_is_taken_and_the_rest_let_go(self, gateway, order):
        wish = order()
        wish = replace(wish, reference=gateway.authorize(wish).reference)

        gateway.capture(wish, 7_000)

        found = gateway.find(wish)
        assert (found.state, found.captured, found.refunded) == ("succeeded", 7_000, 0)

    @pytest.mark.parametrize("card", ["ok", "authenticate"])
    def test_what_is_held_or_waited_for_is_let_go(self, gateway, order, card):
        wish = order(card)
        wish = replace(wish, reference=gateway.authorize(wish).reference)

        assert gateway.void(wish).state == "voided"
        assert gateway.find(wish).state == "voided"

    def test_a_payment_is_found_by_our_own_name(self, gateway, order):
        wish, other = order(), order()
        gateway.charge(other)
        outcome = gateway.charge(wish)

        assert gateway.find(wish) == outcome

    def test_a_payment_that_never_arrived_is_not_found(self, gateway, order):
        gateway.charge(order())

        assert gateway.find(order()) is None

    def test_parts_are_given_back(self, gateway, order):
        wish = order()
        wish = replace(wish, reference=gateway.charge(wish).reference)

        for key in ("first", "second"):
            assert gateway.refund(wish, amount=3_000, key=f"{wish.key}-{key}").state == "succeeded"

        assert gateway.find(wish).refunded == 6_000

    def test_a_refund_is_found_by_our_own_name(self, gateway, order):
        wish = order()
        wish = replace(wish, reference=gateway.charge(wish).reference)
        given = gateway.refund(wish, amount=3_000, key=f"{wish.key}-a")

        assert gateway.find_refund(wish, key=f"{wish.key}-a") == given
        assert gateway.find_refund(wish, key=f"{wish.key}-b") is None
