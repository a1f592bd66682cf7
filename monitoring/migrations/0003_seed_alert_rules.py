"""The rules to begin with: the performance guide's thresholds, and what it did not think of."""

from django.db import migrations

RULES = [
    {
        "key": "api-response-time",
        "name": "Response time",
        "metric": "api_response_time",
        "threshold": 100,
        "recovers_at": 80,
        "for_seconds": 120,
        "least_requests": 20,
        "look_at": (
            "Routes against their budgets, worst first: is it one route or all? One: its queries "
            "and their plans. All: processor, memory, the database's connections, a release."
        ),
    },
    {
        "key": "api-response-time-p95",
        "name": "Response time, slowest 5 %",
        "metric": "api_response_time_p95",
        "threshold": 150,
        "recovers_at": 120,
        "for_seconds": 300,
        "least_requests": 100,
        "look_at": (
            "Slow requests in the log, with their queries. A p95 that rises alone is one route, one "
            "customer with much data, or a cache that misses."
        ),
    },
    {
        "key": "db-query-time",
        "name": "Query time",
        "metric": "db_query_time",
        "threshold": 10,
        "recovers_at": 8,
        "for_seconds": 120,
        "least_requests": 20,
        "look_at": (
            "Slow queries with their plans: a scan where an index was? Then locks, connections, and "
            "whether a backup or a migration runs."
        ),
    },
    {
        "key": "memory-usage",
        "name": "Memory",
        "metric": "memory_usage",
        "threshold": 500,
        "recovers_at": 450,
        "for_seconds": 300,
        "look_at": (
            "Memory over the last day: a slope is a leak, a step is a release or another worker. "
            "`kill -HUP` of the master starts fresh workers, without losing a request."
        ),
    },
    {
        "key": "cache-hit-rate",
        "name": "Cache hit rate",
        "metric": "cache_hit_rate",
        "comparison": "below",
        "threshold": 60,
        "recovers_at": 65,
        "window_seconds": 900,
        "for_seconds": 300,
        "least_requests": 500,
        "look_at": (
            "Is Redis there? Readiness and the log say. Was there a release, whose answers are all "
            "new? Else: which route misses, and what writes to its tables all the time."
        ),
    },
    {
        "key": "error-rate",
        "name": "Error rate",
        "severity": "critical",
        "metric": "error_rate",
        "threshold": 1,
        "recovers_at": 0.5,
        "for_seconds": 60,
        "recover_seconds": 300,
        "least_requests": 50,
        "look_at": (
            "Routes with errors, then the log by the request id of one of them. A release within "
            "the hour? Take it back first, and look afterwards."
        ),
    },
    {
        "key": "slo-burn-fast",
        "name": "Errors spend the month's budget in two days",
        "severity": "critical",
        "metric": "slo_burn",
        "objective": 99.9,
        "threshold": 14.4,
        "window_seconds": 3600,
        "short_window_seconds": 300,
        "for_seconds": 0,
        "recover_seconds": 300,
        "least_requests": 200,
        "look_at": (
            "As for the error rate. At this pace a budget of 30 days is gone in 50 hours: somebody "
            "looks now."
        ),
    },
    {
        "key": "slo-burn-slow",
        "name": "Errors spend the month's budget in five days",
        "metric": "slo_burn",
        "objective": 99.9,
        "threshold": 6,
        "window_seconds": 21_600,
        "short_window_seconds": 1_800,
        "for_seconds": 0,
        "recover_seconds": 600,
        "least_requests": 1_000,
        "look_at": (
            "Which route fails now and then? Its errors in the log, grouped by message. It is no "
            "outage, and it does not go away by itself."
        ),
    },
    {
        "key": "task-queue-age",
        "name": "Background tasks wait",
        "metric": "task_queue_age",
        "threshold": 300,
        "recovers_at": 60,
        "for_seconds": 60,
        "look_at": (
            "Does a worker run (`manage.py db_worker`)? Else: what runs for so long, or fails again "
            "and again. Its log says."
        ),
    },
    {
        "key": "invariants",
        "name": "Something is wrong that must never be wrong",
        "severity": "critical",
        "metric": "invariant_violations",
        "threshold": 0,
        "for_seconds": 0,
        "recover_seconds": 0,
        "look_at": (
            "`manage.py verify` names the invariant. Stop what writes to it before you mend it, and "
            "keep a copy of the database as it is."
        ),
    },
]


def seed(apps, schema_editor):
    rules = apps.get_model("monitoring", "AlertRule").objects.using(schema_editor.connection.alias)
    rules.bulk_create(apps.get_model("monitoring", "AlertRule")(**rule) for rule in RULES)


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0002_alerts")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop, elidable=False)]
