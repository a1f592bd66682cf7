"""The subscriptions app: products, the plans they are sold by, and who pays for them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from softfactory.kernel.db import generations
from softfactory.kernel.registry import (
    due,
    guards,
    invariants,
    lazily,
    nudged,
    settled,
    subject_locks,
    told,
)


class SubscriptionsConfig(AppConfig):
    name = "subscriptions"
    verbose_name = _("Products and plans")

    def ready(self) -> None:
        from subscriptions import invariants as counts
        from subscriptions import tasks
        from subscriptions.models import (
            Exemption,
            Feature,
            Invoice,
            Plan,
            PlanFeature,
            Product,
            Subscription,
        )
        from subscriptions.services import dunning, locking, renewing

        generations.watch("products", Product, Plan, PlanFeature, Feature)
        generations.watch("entitlements", Subscription, PlanFeature, Feature, Exemption)
        due.register("subscriptions.renewals", renewing.renew_subscriptions)
        due.register("subscriptions.retries", dunning.retry_payments)
        subject_locks.register(Invoice.SUBJECT, locking.lock_customer_of)
        settled.register(Invoice.SUBJECT, dunning.on_payment_settled)
        nudged.register("subscriptions.payment_failed", tasks.tell_of_failed_payment)
        nudged.register("subscriptions.given_up", tasks.tell_of_given_up)
        invariants.register("subscriptions.wrong_invoices", counts.count_wrong_invoices)
        invariants.register("subscriptions.unposted_invoices", counts.count_unposted_invoices)
        invariants.register("subscriptions.missing_numbers", counts.count_missing_numbers)
        invariants.register("subscriptions.forgotten_invoices", counts.count_forgotten_invoices)
        invariants.register("subscriptions.baseless_debts", counts.count_baseless_debts)
        tell = lazily("subscriptions.serializers.subscriptions.tell_subscription")
        for what in ("created", "updated", "cancelled"):
            told.register(f"subscription.{what}", tell)
        tell = lazily("subscriptions.serializers.invoices.tell_invoice")
        for what in ("issued", "paid"):
            told.register(f"invoice.{what}", tell)
        invariants.register("subscriptions.overcredited", counts.count_overcredited_invoices)
        guards.register("subscriptions.invoices", counts.are_invoices_immutable)
        invariants.register("subscriptions.wrong_usage", counts.count_wrong_usage)
