"""The payments app: the only place where money moves, and the ledger that says where it went."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from softfactory.kernel.registry import due, guards, invariants, lazily, nudged, told


class PaymentsConfig(AppConfig):
    name = "softfactory.payments"
    label = "payments"
    verbose_name = _("Payments")

    def ready(self) -> None:
        from softfactory.payments import (
            checks,  # noqa: F401  (registers itself)
            tasks,
        )
        from softfactory.payments import invariants as counts

        nudged.register("payments.payment", tasks.settle_payment)
        nudged.register("payments.refund", tasks.settle_refund)
        due.register("payments.payments", tasks.settle_due_payments)
        due.register("payments.refunds", tasks.settle_due_refunds)
        invariants.register("payments.ledger_imbalances", counts.count_ledger_imbalances)
        invariants.register("payments.unbooked_payments", counts.count_unbooked_payments)
        invariants.register("payments.unbooked_refunds", counts.count_unbooked_refunds)
        invariants.register("payments.wrong_refunds", counts.count_wrong_refunds)
        for kind in ("payment.succeeded", "payment.failed"):
            told.register(kind, lazily("softfactory.payments.serializers.tell_payment"))
        told.register("refund.succeeded", lazily("softfactory.payments.serializers.tell_refund"))
        guards.register("payments.ledger", counts.is_ledger_append_only)
