"""Random changes of plan: each is charged, or credited, what its preview said, line by line.

`CHANGES=1000` makes so many.
"""

import os
import random
from datetime import timedelta

from subscriptions.models import Invoice
from subscriptions.services.changing import change_plan, preview_change
from subscriptions.services.invoicing import describe
from subscriptions.services.renewing import renew_subscriptions
from tests.subscriptions.conftest import NOW, again, pay_all

CHANGES = int(os.environ.get("CHANGES", "40"))


def shown(preview):
    zone = preview.subscription.timezone
    lines = [(line.kind, describe(line, zone), line.amount.amount) for line in preview.quote.lines]
    return preview.quote.total, preview.quote.tax.amount, preview.settlement.due, lines


def issued(invoice):
    lines = invoice.lines.order_by("position").values_list("kind", "description", "amount")
    return invoice.total, invoice.tax_amount, invoice.due, list(lines)


def test_every_change_is_what_its_preview_said(begin, product):
    chance, now = random.Random(7), NOW
    plans = list(product.plans.order_by("pk"))
    subscription = begin("Small")
    different = compared = 0
    while compared < CHANGES:
        now += timedelta(seconds=chance.choice([chance.randrange(7200), chance.randrange(10**6)]))
        renew_subscriptions(now)
        pay_all(now=now)
        wanted = chance.choice([plan for plan in plans if plan != again(subscription).plan])
        wish = {"subscription": subscription, "plan_id": wanted.pk, "when": "now"}
        preview = preview_change(now=now, **wish)
        last = Invoice.objects.latest("pk").pk
        later = now + timedelta(seconds=chance.randrange(60))
        if later >= again(subscription).current_period_end:
            continue
        change_plan(now=later, as_of=preview.as_of, **wish)
        invoice = Invoice.objects.filter(pk__gt=last).first()
        if invoice is not None:
            different += issued(invoice) != shown(preview)
            compared += 1
        now = later
    assert (compared, different) == (CHANGES, 0)
