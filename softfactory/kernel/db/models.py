"""The base of every model that is edited: a version that moves with each write."""

from collections.abc import Collection, Iterable
from typing import Any, Self

from django.db import models
from django.db.models import F

from softfactory.kernel import clock


class VersionedQuerySet[Row: models.Model](models.QuerySet[Row]):
    """A QuerySet whose `update()` moves the version, as `save()` does."""

    def update(self, **columns: Any) -> int:
        """Write these columns and move version and `updated_at`; return how many rows matched."""
        columns.setdefault("updated_at", clock.now())
        return super().update(**columns | {"version": F("version") + 1})

    update.alters_data = True  # type: ignore[attr-defined]

    def update_derived(self, **columns: Any) -> int:
        """Write columns that follow from other rows (a rating), which is no edit of this row."""
        return super().update(**columns)

    update_derived.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, objs: Iterable, *args: Any, **kwargs: Any) -> list:
        """Create rows; updating on conflict is refused, since it would pass the version by."""
        if kwargs.get("update_conflicts"):
            raise ValueError("A versioned row is updated by save() or update(), not on conflict.")
        return super().bulk_create(objs, *args, **kwargs)

    def at_versions(self, versions: Collection[int] | None) -> Self:
        """Only rows at one of these versions, as the caller saw them; None means any."""
        return self if versions is None else self.filter(version__in=versions)


class PeersManager(models.Manager):
    """A manager whose rows fetch a forgotten relation for all their peers at once."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().fetch_mode(models.FETCH_PEERS)


class Versioned(models.Model):
    """A row with a version. A representation of it depends on version and derived columns alone."""

    version = models.PositiveBigIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True

    def save(self, *, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Write the row; an existing one gets the next version, counted by the database.

        Raises NotUpdated if it is gone; it is not written anew.
        """
        fields = None if update_fields is None else set(update_fields)
        if self._state.adding or fields == set():
            super().save(update_fields=fields, **kwargs)
            return
        seen = self.version, self.updated_at
        self.version, self.updated_at = F("version") + 1, clock.now()
        fields = fields and {*fields, "version", "updated_at"}
        try:
            super().save(update_fields=fields, **kwargs | {"force_update": True})
        except BaseException:
            self.version, self.updated_at = seen
            raise

    @property
    def derived(self) -> str:
        """What a representation shows besides the row's own edits; empty if nothing."""
        return ""
