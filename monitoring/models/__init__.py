"""What is kept about the site's own work."""

from monitoring.models.alerts import Alert, AlertRound, AlertSilence
from monitoring.models.channels import AlertChannel, AlertDelivery
from monitoring.models.rules import AlertRule
from monitoring.models.samples import InvariantCount, Reading, Sample
from monitoring.models.stories import RepeatedQuery, RequestStory, SlowQuery

__all__ = [
    "Alert",
    "AlertChannel",
    "AlertDelivery",
    "AlertRound",
    "AlertRule",
    "AlertSilence",
    "InvariantCount",
    "Reading",
    "RepeatedQuery",
    "RequestStory",
    "Sample",
    "SlowQuery",
]
