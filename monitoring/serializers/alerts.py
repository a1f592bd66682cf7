"""Alerts as JSON: what is wrong, since when, and who was told."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from monitoring.models import Alert, AlertChannel, AlertDelivery, AlertRule
from monitoring.services.alerts.watch import is_covered


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
