"""JSON out: what single requests did."""

from rest_framework import serializers


class AskedQuerySerializer(serializers.Serializer):
    """A statement of a request, with places for its values; `place` is known of a slow one."""

    sql = serializers.CharField()
    times = serializers.IntegerField()
    ms = serializers.FloatField()
    place = serializers.CharField()


class LogLineSerializer(serializers.Serializer):
    """A line that was logged in a request."""

    at = serializers.DateTimeField()
    level = serializers.CharField()
    logger = serializers.CharField()
    event = serializers.CharField()


class EnqueuedTaskSerializer(serializers.Serializer):
    """A task that a request enqueued, as it stands now; `status` is `forgotten` if it is gone."""

    id = serializers.CharField()
    path = serializers.CharField()
    status = serializers.CharField()
    enqueued_at = serializers.DateTimeField(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class StorySerializer(serializers.Serializer):
    """What one request did; `why` says why that was kept."""

    request_id = serializers.CharField()
    at = serializers.DateTimeField()
    method = serializers.CharField()
    route = serializers.CharField()
    status = serializers.IntegerField()
    duration_ms = serializers.FloatField()
    db_ms = serializers.FloatField()
    user_id = serializers.IntegerField(allow_null=True)
    why = serializers.CharField()
    query_count = serializers.IntegerField()
    queries = AskedQuerySerializer(many=True)
    lines = LogLineSerializer(many=True)
    tasks = EnqueuedTaskSerializer(many=True)


class StoriesSerializer(serializers.Serializer):
    """The requests with one id: mostly one, more if a caller used it again."""

    results = StorySerializer(many=True)
