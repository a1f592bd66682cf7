"""Tables of the mechanics: generations of cached reads, and answers kept for repeated requests."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from softfactory.kernel import clock


class Generation(models.Model):
    """How often a group of tables was written (see `kernel.db.generations`)."""

    name = models.CharField(_("name"), max_length=100, primary_key=True)
    number = models.PositiveBigIntegerField(_("number"))

    class Meta:
        verbose_name = _("generation")
        verbose_name_plural = _("generations")

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    @classmethod
    def number_of(cls, name: Any) -> Coalesce:
        """Return, for a query, the number of the generation that an expression names."""
        return Coalesce(Subquery(cls.objects.filter(name=name).values("number")), 0)


class IdempotencyKey(models.Model):
    """One request that its caller may send again: who, what, and how it was answered."""

    caller = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    operation = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["caller", "operation", "key"], name="kernel_idempotencykey_once"
            ),
        ]
        indexes = [
            # run_due: forget answers after 24 hours.
            models.Index(fields=["created_at"], name="kernel_idempotency_created"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"


class CacheEntry(models.Model):
    """One entry of the cache that all workers share (see `kernel.cache`), as Django lays it out."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    # run_due: forget what has expired.
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.cache_key

    @classmethod
    def prune(cls, now: datetime) -> int:
        """Forget what has expired; return how much that was."""
        count, _per_model = cls.objects.filter(expires__lt=now).delete()
        return count
