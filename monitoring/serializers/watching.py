"""JSON out: what the site tells about itself."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from monitoring.models import Alert, AlertChannel, AlertDelivery, AlertRule
from monitoring.services.alerts.watch import is_covered

USUAL_STRETCH = timedelta(hours=1)

# Instants beyond these have no time in every zone.
COUNTABLE = [
    MinValueValidator(datetime(1970, 1, 2, tzinfo=UTC)),
    MaxValueValidator(datetime(2999, 12, 31, tzinfo=UTC)),
]


class HealthSerializer(serializers.Serializer):
    """The whole answer of a living process."""

    status = serializers.CharField()


class ReadinessSerializer(HealthSerializer):
    """What the site stands on, each `true` if it stands."""

    checks = serializers.DictField(child=serializers.BooleanField())


class SpreadSerializer(serializers.Serializer):
    """How times spread, in ms; null before anything was measured."""

    avg = serializers.FloatField(allow_null=True)
    p50 = serializers.FloatField(allow_null=True)
    p95 = serializers.FloatField(allow_null=True)
    p99 = serializers.FloatField(allow_null=True)


class QueriesSerializer(serializers.Serializer):
    """Queries of one request; beyond 10, `max` is the bound of a bucket (15, 20, 30, 50, 100)."""

    avg = serializers.FloatField(allow_null=True)
    max = serializers.IntegerField(allow_null=True)


class CacheStatsSerializer(serializers.Serializer):
    """Cached reads served as kept (`hits`) or made anew, and the uses of each cache."""

    hits = serializers.IntegerField()
    misses = serializers.IntegerField()
    hit_rate = serializers.FloatField(allow_null=True)
    caches = serializers.DictField(child=serializers.DictField(child=serializers.FloatField()))


class BudgetSerializer(serializers.Serializer):
    """What one endpoint may cost."""

    queries = serializers.IntegerField()
    bytes = serializers.IntegerField()
    average_ms = serializers.FloatField()
    p95_ms = serializers.FloatField()
    hit_rate = serializers.FloatField(allow_null=True)


class EndpointSerializer(SpreadSerializer):
    """One endpoint: `count` since the servers started, the rest of the last 5 minutes."""

    route = serializers.CharField()
    method = serializers.CharField()
    count = serializers.IntegerField()
    recent = serializers.IntegerField()
    errors = serializers.IntegerField()
    queries = serializers.FloatField()
    bytes = serializers.IntegerField()
    hit_rate = serializers.FloatField(allow_null=True)
    budget = BudgetSerializer(allow_null=True)


class TasksSerializer(serializers.Serializer):
    """The queue of background tasks; finished and failed ones of the last 5 minutes."""

    waiting = serializers.IntegerField()
    oldest_seconds = serializers.FloatField()
    running = serializers.IntegerField()
    finished = serializers.IntegerField()
    failed = serializers.IntegerField()
    run_time_ms = serializers.FloatField(allow_null=True)


class StandingAlertSerializer(serializers.Serializer):
    """An alert: its rule, how it stands, its last value."""

    rule = serializers.CharField(source="rule.key")
    name = serializers.CharField(source="rule.name")
    severity = serializers.ChoiceField(AlertRule.Severity.choices, source="rule.severity")
    state = serializers.ChoiceField(Alert.State.choices)
    value = serializers.FloatField(source="last_value")
    threshold = serializers.FloatField()
    unit = serializers.CharField(source="rule.unit")
    since = serializers.DateTimeField(source="opened_at")


class MetricsSerializer(serializers.Serializer):
    """What the site did in the last `window_seconds`, and what stands now."""

    window_seconds = serializers.FloatField()
    requests = serializers.IntegerField()
    response_time = SpreadSerializer()
    error_rate = serializers.FloatField(allow_null=True)
    requests_per_second = serializers.FloatField()
    requests_in_flight = serializers.IntegerField()
    db_query_time = SpreadSerializer()
    queries_per_request = QueriesSerializer()
    memory_usage = serializers.FloatField()
    cache_stats = CacheStatsSerializer()
    endpoints = EndpointSerializer(many=True)
    tasks = TasksSerializer()
    invariants = serializers.DictField(child=serializers.IntegerField(allow_null=True))
    alerts = StandingAlertSerializer(many=True)
    collected_at = serializers.DateTimeField()


class WorkerSerializer(serializers.Serializer):
    """A process of the site."""

    role = serializers.CharField()
    pid = serializers.IntegerField()
    memory_mb = serializers.FloatField()
    cpu_seconds = serializers.FloatField()
    threads = serializers.IntegerField()
    started_at = serializers.DateTimeField()


class DatabaseSerializer(serializers.Serializer):
    """The database behind the site."""

    engine = serializers.CharField()
    version = serializers.CharField()
    size_bytes = serializers.IntegerField()
    wal_bytes = serializers.IntegerField(allow_null=True)
    connections = serializers.IntegerField()


class DiskSerializer(serializers.Serializer):
    """The disk under VAR_DIR."""

    total_bytes = serializers.IntegerField()
    free_bytes = serializers.IntegerField()
    used_percent = serializers.FloatField()


class MachineSerializer(serializers.Serializer):
    """The host itself; `load` is of 1, 5 and 15 minutes."""

    cpus = serializers.IntegerField()
    load = serializers.ListField(child=serializers.FloatField())
    memory_mb = serializers.IntegerField()
    memory_available_mb = serializers.IntegerField()


class SystemSerializer(serializers.Serializer):
    """What the site's processes use of this host."""

    host = serializers.CharField()
    memory_mb = serializers.FloatField()
    cpu_percent = serializers.FloatField()
    num_threads = serializers.IntegerField()
    open_files = serializers.IntegerField()
    database = DatabaseSerializer()
    uptime_seconds = serializers.IntegerField()
    workers = WorkerSerializer(many=True)
    disk = DiskSerializer()
    machine = MachineSerializer()
    versions = serializers.DictField(child=serializers.CharField())
    timestamp = serializers.DateTimeField()


class MeasuredSerializer(serializers.Serializer):
    """What an endpoint used in the last 5 minutes, on average; times in ms."""

    average_ms = serializers.FloatField(allow_null=True)
    p95_ms = serializers.FloatField(allow_null=True)
    queries = serializers.FloatField()
    bytes = serializers.IntegerField()
    hit_rate = serializers.FloatField(allow_null=True)


class NamedBudgetSerializer(BudgetSerializer):
    """An endpoint's budget beside what it used."""

    name = serializers.CharField()
    measured = MeasuredSerializer(allow_null=True)
    exceeds = serializers.ListField(child=serializers.CharField())


class BudgetsSerializer(serializers.Serializer):
    """The targets of the whole site, and every budget."""

    targets = serializers.DictField(child=serializers.FloatField())
    budgets = NamedBudgetSerializer(many=True)


class LookAtSerializer(serializers.Serializer):
    """What to look at next, and where."""

    text = serializers.CharField(source="look_at")
    path = serializers.CharField(source="look_at_path")


class DeliverySerializer(serializers.Serializer):
    """A channel that is told that an alert fires, or that it is over."""

    channel = serializers.CharField()
    kind = serializers.ChoiceField(AlertChannel.Kind.choices, source="channel.kind")
    transition = serializers.ChoiceField(AlertDelivery.Transition.choices)
    state = serializers.ChoiceField(AlertDelivery.State.choices)
    attempts = serializers.IntegerField()
    sent_at = serializers.DateTimeField(allow_null=True)
    last_error = serializers.CharField()


class AlertSerializer(StandingAlertSerializer):
    """One time that a rule was crossed; `id` is null for `alerting_silent`, which no clock saw."""

    id = serializers.IntegerField(allow_null=True)
    metric = serializers.CharField(source="rule.metric")
    comparison = serializers.ChoiceField(AlertRule.Comparison.choices, source="rule.comparison")
    fired_value = serializers.FloatField(allow_null=True)
    worst_value = serializers.FloatField()
    fired_at = serializers.DateTimeField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    is_silenced = serializers.SerializerMethodField()
    look_at = LookAtSerializer(source="rule")
    deliveries = serializers.SerializerMethodField()

    def get_is_silenced(self, alert: Alert) -> bool:
        silences, now = self.context["silences"], self.context["now"]
        return alert.pk is not None and is_covered(alert, silences, now=now)

    @extend_schema_field(DeliverySerializer(many=True))
    def get_deliveries(self, alert: Alert) -> list:
        rows = alert.deliveries.all() if alert.pk else ()
        return DeliverySerializer(rows, many=True).data


class AlertsSerializer(serializers.Serializer):
    """All that is open, and a page of what is over, the last one first."""

    evaluated_at = serializers.DateTimeField(allow_null=True)
    open = AlertSerializer(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = AlertSerializer(many=True)


class SeriesQuery(serializers.Serializer):
    """Query parameters of the series; `asked()` fills in what was left out."""

    to = serializers.DateTimeField(
        required=False, validators=COUNTABLE, help_text=_("Now by default.")
    )
    route = serializers.CharField(
        required=False,
        max_length=200,
        help_text=_("One endpoint, by its name: GET /coocook/explore."),
    )
    host = serializers.CharField(required=False, max_length=255, help_text=_("One host."))

    def get_fields(self) -> dict[str, serializers.Field]:
        words = _("An hour before “to” by default.")
        return {
            "from": serializers.DateTimeField(required=False, validators=COUNTABLE, help_text=words)
        } | super().get_fields()

    def asked(self, now: datetime) -> dict[str, Any]:
        """Return the stretch and whose it is; raises ValidationError for a wrong one."""
        asked = dict(self.validated_data)
        end = asked.pop("to", now)
        start = asked.pop("from", None) or end - USUAL_STRETCH
        if start >= end:
            message = _("This is not after “from”.")
            raise serializers.ValidationError({"to": [message]}, code="not_after_from")
        return {"start": start, "end": end, **asked}


class SeriesSerializer(serializers.Serializer):
    """Columns of equal length: `at` in seconds since 1970, rates per second, times in ms, shares
    in percent, memory in MB. A row of nulls stands where nothing was sampled.
    """

    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    step = serializers.IntegerField(help_text=_("Seconds."))
    hosts = serializers.ListField(child=serializers.CharField())
    requests = serializers.IntegerField()
    statuses = serializers.DictField(child=serializers.FloatField())
    whole = serializers.DictField(child=serializers.FloatField(allow_null=True))
    columns = serializers.DictField(
        child=serializers.ListField(child=serializers.FloatField(allow_null=True))
    )
    latest = serializers.DateTimeField(allow_null=True)
