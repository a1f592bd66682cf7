"""The named queries of features."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import JSONObject

from softfactory.kernel.db.functions import JSONRows

if TYPE_CHECKING:
    from subscriptions.models import Feature


class FeatureQuerySet(models.QuerySet["Feature"]):
    """Features."""

    def as_one_row(self) -> models.QuerySet[Any, Any]:
        """All of them as one JSON list, for a subquery."""
        row = JSONObject(
            key=F("key"), name=F("name"), kind=F("kind"), free=F("free"), rank=F("rank")
        )
        every = self.order_by().annotate(every=Value(1)).values("every")
        return every.annotate(rows=JSONRows(row)).values("rows")
