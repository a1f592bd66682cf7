"""JSON out: what the site tells about itself."""

from monitoring.serializers.alerts import AlertSerializer, AlertsSerializer
from monitoring.serializers.caches import (
    ClearedSerializer,
    ClearSerializer,
    StatsSerializer,
    WarmedSerializer,
    WarmUpSerializer,
)
from monitoring.serializers.series import SeriesQuery, SeriesSerializer
from monitoring.serializers.stories import StoriesSerializer
from monitoring.serializers.watching import (
    BudgetsSerializer,
    HealthSerializer,
    MetricsSerializer,
    ReadinessSerializer,
    SystemSerializer,
)

__all__ = [
    "AlertSerializer",
    "AlertsSerializer",
    "BudgetsSerializer",
    "ClearSerializer",
    "ClearedSerializer",
    "HealthSerializer",
    "MetricsSerializer",
    "ReadinessSerializer",
    "SeriesQuery",
    "SeriesSerializer",
    "StatsSerializer",
    "StoriesSerializer",
    "SystemSerializer",
    "WarmUpSerializer",
    "WarmedSerializer",
]
