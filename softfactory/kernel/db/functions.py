"""SQL that both databases can say, each in its own words."""

from typing import Any

from django.db import models
from django.db.models import Aggregate, F, Func, Subquery
from django.db.models.functions import JSONObject


class OnQuarterHour(Func):
    """True for an instant at minute 0, 15, 30 or 45 exactly. Fit for CHECK constraints."""

    output_field = models.BooleanField()
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        # Stored as "2027-03-28 09:00:00", with a fraction only where there is one.
        template = "SUBSTR(%(expressions)s, 15) IN ('00:00', '15:00', '30:00', '45:00')"
        return super().as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        template = "MOD(EXTRACT(EPOCH FROM %(expressions)s), 900) = 0"
        return super().as_sql(compiler, connection, template=template, **context)


class JSONRows(Aggregate):
    """The rows of a subquery as one JSON list: of objects by `JSONRows(JSONObject(a="b"))`, of
    values by `JSONRows(F("b"))`, each once if `distinct`.
    """

    function = "JSON_GROUP_ARRAY"
    output_field = models.JSONField()
    allow_distinct = True
    arity = 1

    def __init__(self, row: JSONObject | F, **extra: Any) -> None:
        super().__init__(row, **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return super().as_sql(compiler, connection, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return super().as_sql(compiler, connection, function="JSONB_AGG", **context)


class DistinctValues(Func):
    """All values of a column as one JSON list, each once, of rows where another column is true.

    `DistinctValues(Chef, "cuisine", where="is_active")` steps through an index of the column from
    one value to the next: it costs as many steps as there are values, however many rows.
    """

    output_field = models.JSONField()
    arity = 0
    template = (
        "(WITH RECURSIVE step(value) AS ("
        "SELECT MIN(%(column)s) FROM %(table)s WHERE %(where)s UNION ALL "
        "SELECT (SELECT MIN(%(column)s) FROM %(table)s WHERE %(where)s AND %(column)s > step.value)"
        " FROM step WHERE step.value IS NOT NULL) "
        "SELECT %(function)s(value) FROM step WHERE value IS NOT NULL)"
    )

    def __init__(self, model: type[models.Model], column: str, *, where: str) -> None:
        super().__init__(table=model._meta.db_table, column=column, where=where)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        # A partial index serves those who name its condition in Django's own words.
        context |= {"function": "JSON_GROUP_ARRAY", "where": f"{self.extra['where']} = 1"}
        return super().as_sql(compiler, connection, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return super().as_sql(compiler, connection, function="JSONB_AGG", **context)


class CountOf(Subquery):
    """How many rows a queryset has, counted once for all rows of the query around it."""

    output_field = models.BigIntegerField()
    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"


class CountsOf(Subquery):
    """How many rows of a queryset have which value of its one column, as one JSON object."""

    output_field = models.JSONField()
    template = (
        "(SELECT %(function)s(value, given) FROM (SELECT %(column)s AS value, COUNT(*) AS given"
        " FROM (%(subquery)s) counted GROUP BY %(column)s) counts)"
    )

    def __init__(self, queryset: models.QuerySet[Any, Any], *, column: str) -> None:
        super().__init__(queryset, column=column)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return super().as_sql(compiler, connection, function="JSON_GROUP_OBJECT", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return super().as_sql(compiler, connection, function="JSONB_OBJECT_AGG", **context)
