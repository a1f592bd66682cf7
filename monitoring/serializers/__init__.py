"""JSON out: what the site tells about itself."""

from monitoring.serializers.caches import (
    ClearedSerializer,
    ClearSerializer,
    StatsSerializer,
    WarmedSerializer,
    WarmUpSerializer,
)
from monitoring.serializers.stories import StoriesSerializer
from monitoring.serializers.watching import (
    AlertSerializer,
    AlertsSerializer,
    BudgetsSerializer,
    HealthSerializer,
    MetricsSerializer,
    ReadinessSerializer,
    SeriesQuery,
    SeriesSerializer,
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
