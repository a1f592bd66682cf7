"""JSON out: what the site tells about itself."""

from rest_framework import serializers

from monitoring.serializers.alerts import StandingAlertSerializer


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
