"""SandboxCharge: the books of the sandbox's bank, which only the sandbox reads and writes."""

from django.db import models

from softfactory.kernel import clock


class SandboxCharge(models.Model):
    """What the sandbox did under an idempotency key, as a real gateway would remember it."""

    key = models.CharField(max_length=200)
    card = models.CharField(max_length=200)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    state = models.CharField(max_length=15)
    is_hold = models.BooleanField()
    captured_amount = models.BigIntegerField(default=0)
    failure = models.CharField(max_length=60, blank=True)
    refunds = models.JSONField(default=dict)  # amount by key
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "charge of the sandbox"
        verbose_name_plural = "charges of the sandbox"
        constraints = [
            models.UniqueConstraint(fields=["key"], name="payments_sandboxcharge_once"),
        ]

    def __str__(self) -> str:
        return f"sandbox_{self.pk}"
