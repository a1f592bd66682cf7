"""What single requests did, and which queries were slow or asked again and again."""

from django.db import models

from monitoring.querysets import RepeatedQueryQuerySet, RequestStoryQuerySet, SlowQueryQuerySet


class RequestStory(models.Model):
    """One request: its queries, its log lines, the tasks that it enqueued. Kept for a week.

    A caller may give two requests one id. The user is no foreign key: this is written when the
    request is over, and must not fail for a user who is gone.
    """

    class Why(models.TextChoices):
        FAILED = "failed"
        WARNED = "warned"
        SLOW = "slow"
        WRITE = "write"
        SAMPLED = "sampled"

    request_id = models.CharField(max_length=100)
    at = models.DateTimeField()
    method = models.CharField(max_length=20)
    route = models.CharField(max_length=200)
    status = models.PositiveSmallIntegerField()
    duration_ms = models.FloatField()
    db_ms = models.FloatField()
    user_id = models.BigIntegerField(null=True)
    why = models.CharField(max_length=10, choices=Why)
    query_count = models.PositiveIntegerField()
    queries = models.JSONField(default=list)  # of {sql, times, ms, place}
    lines = models.JSONField(default=list)  # of {at, level, logger, event}
    tasks = models.JSONField(default=list)  # ids

    objects = RequestStoryQuerySet.as_manager()

    class Meta:
        indexes = [
            # The story of an id; the newest first.
            models.Index(fields=["request_id", "-at"], name="monitoring_story_of_id"),
            # run_due: forget the old ones.
            models.Index(fields=["at"], name="monitoring_story_age"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.method} {self.route} {self.status}"


class SlowQuery(models.Model):
    """A statement that took long, as its template: places instead of values."""

    fingerprint = models.CharField(max_length=32, primary_key=True)
    sql = models.TextField()
    place = models.CharField(max_length=200)  # a line of our code, of the last time
    route = models.CharField(max_length=200)  # the last one
    count = models.PositiveBigIntegerField()
    total_ms = models.FloatField()
    max_ms = models.FloatField()
    last_seen = models.DateTimeField()
    plan = models.TextField(default="")
    planned_at = models.DateTimeField(null=True)

    objects = SlowQueryQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.max_ms:.0f} ms {self.place}"


class RepeatedQuery(models.Model):
    """A statement that requests of a route asked five times and more: an N+1, most likely."""

    fingerprint = models.CharField(max_length=32)
    route = models.CharField(max_length=200)
    sql = models.TextField()
    place = models.CharField(max_length=200)
    requests = models.PositiveBigIntegerField()
    most = models.PositiveIntegerField()  # times in one request
    last_seen = models.DateTimeField()

    objects = RepeatedQueryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint", "route"], name="monitoring_repeated_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.most} times {self.place}"
