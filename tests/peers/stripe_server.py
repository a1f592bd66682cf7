"""localstripe on loopback, by `python server.py PORT`, in the environment of the peers.

Where it leaves out what Stripe has and our gateway needs, it is added here, as Stripe documents it:
filters of the list of PaymentIntents, and how much of one was received. It knows no idempotency
keys, no price API and no test clock; see docs/decisions/payments.md.
"""

import sys

from aiohttp import web
from localstripe.resources import PaymentIntent
from localstripe.server import app


def _list_all(cls, url, customer=None, created=None, limit=None, starting_after=None):
    since = int((created or {}).get("gte", 0))
    found = super(PaymentIntent, cls)._api_list_all(url, limit=limit, starting_after=starting_after)
    found._list = [
        intent
        for intent in found._list
        if customer in (None, intent.customer) and intent.created >= since
    ]
    return found


def _amount_received(intent):
    charge = intent.latest_charge
    if intent.status != "succeeded":
        return 0
    let_go = [r for r in charge.refunds._list if r.payment_intent is None]  # by a part's capture
    return charge.amount - sum(refund.amount for refund in let_go)


PaymentIntent._api_list_all = classmethod(_list_all)
PaymentIntent.amount_received = property(_amount_received)

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
