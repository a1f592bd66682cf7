"""Health for everybody; metrics, budgets and the system for staff and for what watches the site."""

from typing import Any

from django.http import Http404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from monitoring.authentication import WatcherAuthentication
from monitoring.models import Alert
from monitoring.serializers import (
    AlertSerializer,
    AlertsSerializer,
    BudgetsSerializer,
    ClearedSerializer,
    ClearSerializer,
    HealthSerializer,
    MetricsSerializer,
    ReadinessSerializer,
    SeriesQuery,
    SeriesSerializer,
    StatsSerializer,
    StoriesSerializer,
    SystemSerializer,
    WarmedSerializer,
    WarmUpSerializer,
)
from monitoring.services.alerts.watch import evaluated_at, open_alerts, silences_at
from monitoring.services.caches.clearing import clear_all, clear_prefix, clear_tag
from monitoring.services.caches.counting import cache_stats
from monitoring.services.caches.warming import warm_from_within
from monitoring.services.exposition import OPENMETRICS, TEXT, exposition
from monitoring.services.health import readiness
from monitoring.services.report import budgets, metrics
from monitoring.services.samples import processor_percent
from monitoring.services.series import series
from monitoring.services.stories import stories_of
from monitoring.services.system import system
from softfactory.kernel import clock
from softfactory.kernel.api.filters import StrictFilterBackend, refuse_unknown_parameters
from softfactory.kernel.api.pagination import CursorPagination
from softfactory.kernel.api.renderers import FastJSONRenderer
from softfactory.kernel.api.viewsets import ApiViewSet
from softfactory.kernel.http.problems import CONTENT_TYPE, problem_body


class HealthView(APIView):
    """Tells that this process answers; touches nothing."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(responses=HealthSerializer)
    def get(self, request: Request) -> Response:
        """Tell that the process is alive."""
        return Response({"status": "ok"})


class ReadinessView(APIView):
    """Tells whether the site can do its work now."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(responses={200: ReadinessSerializer})
    def get(self, request: Request) -> Response:
        """Tell whether database, cache, task queue, migrations and guards stand; else 503."""
        checks = readiness()
        if all(checks.values()):
            return Response({"status": "ok", "checks": checks})
        failed = ", ".join(name for name, stands in checks.items() if not stands)
        body = problem_body(503, "not_ready", f"Not ready: {failed}.") | {"checks": checks}
        return Response(body, status=503, content_type=CONTENT_TYPE, headers={"Retry-After": "5"})


class TextRenderer(FastJSONRenderer):
    """Prometheus' text as it is made; a refusal stays the problem that it is."""

    media_type = "text/plain"
    format = "text"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        return data if isinstance(data, bytes) else super().render(data, *args, **kwargs)


class OpenMetricsRenderer(TextRenderer):
    """The same in OpenMetrics."""

    media_type = "application/openmetrics-text"
    format = "openmetrics"


class WatchingViewSet(ApiViewSet):
    """What staff may read, and whoever has the metrics token; in a demo, this machine."""

    scope = "monitoring"
    staff_actions = frozenset({"metrics", "text", "system", "budgets", "series", "caches"})
    pagination_class = None
    filter_backends = ()

    def get_authenticators(self) -> list[BaseAuthentication]:
        return [WatcherAuthentication(), *super().get_authenticators()]

    @extend_schema(responses=MetricsSerializer)
    def metrics(self, request: Request) -> Response:
        """Show the last 5 minutes. Prometheus' text is there for who asks for it by Accept."""
        if not isinstance(request.accepted_renderer, TextRenderer):
            return Response(MetricsSerializer(metrics(now=clock.now())).data)
        return self.text(request)

    @extend_schema(exclude=True)
    def text(self, request: Request) -> Response:
        """Show this host's meters as Prometheus reads them."""
        is_open = OpenMetricsRenderer.media_type in request.headers.get("Accept", "")
        text = exposition(now=clock.now(), as_openmetrics=is_open)
        return Response(text, content_type=OPENMETRICS if is_open else TEXT)

    @extend_schema(responses=SystemSerializer)
    def system(self, request: Request) -> Response:
        """Show what the site's processes use of the host that answers."""
        now = clock.now()
        found = system(now=now, cpu_percent=processor_percent(now=now))
        return Response(SystemSerializer(found).data)

    @extend_schema(responses=BudgetsSerializer)
    def budgets(self, request: Request) -> Response:
        """Show what every endpoint may cost, beside what it cost in the last 5 minutes."""
        return Response(BudgetsSerializer(budgets(now=clock.now())).data)

    @extend_schema(responses=StatsSerializer)
    def caches(self, request: Request) -> Response:
        """Show how often public reads are served as kept, layer by layer, on all hosts."""
        return Response(StatsSerializer(cache_stats(now=clock.now())).data)

    @extend_schema(parameters=[SeriesQuery], responses=SeriesSerializer)
    def series(self, request: Request) -> Response:
        """Show the figures over time, as columns: at most about 800 steps, of all hosts or one."""
        query = SeriesQuery(data=request.query_params.dict())
        refuse_unknown_parameters(request, set(query.fields))
        query.is_valid(raise_exception=True)
        now = clock.now()
        return Response(SeriesSerializer(series(**query.asked(now), now=now)).data)


class AlertViewSet(WatchingViewSet):
    """What is wrong now, and what was."""

    staff_actions = frozenset({"alerts"})
    queryset = Alert.objects.all()
    pagination_class = CursorPagination
    filter_backends = (StrictFilterBackend,)
    ordering = ("-opened_at", "-id")

    @extend_schema(
        responses=AlertsSerializer,
        parameters=[OpenApiParameter("limit", int), OpenApiParameter("cursor", str)],
    )
    def alerts(self, request: Request) -> Response:
        """Show the alerts that are pending or fire, then those that are over, by cursor."""
        now, last = clock.now(), evaluated_at()
        alerts = Alert.objects.with_deliveries()
        page = self.paginate_queryset(self.filter_queryset(alerts.resolved().with_rule()))
        standing = open_alerts(alerts, last=last, now=now)
        context = {"now": now, "silences": silences_at(now)}
        over = AlertSerializer(page, many=True, context=context).data
        response = self.get_paginated_response(over)
        response.data |= {
            "evaluated_at": last,
            "open": AlertSerializer(standing, many=True, context=context).data,
        }
        return response


class CacheViewSet(ApiViewSet):
    """What is kept of public answers, for staff."""

    scope = "monitoring"
    staff_actions = frozenset({"clear", "warm_up"})
    pagination_class = None
    filter_backends = ()

    @extend_schema(request=WarmUpSerializer, responses=WarmedSerializer)
    def warm_up(self, request: Request) -> Response:
        """Let every web process of this machine make its public pages; it takes some seconds."""
        asked = WarmUpSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        warmed = warm_from_within(**asked.validated_data)
        answer = {"status": "success", "items_warmed": warmed.items}
        return Response(WarmedSerializer(answer).data)

    @extend_schema(request=ClearSerializer, responses=ClearedSerializer)
    def clear(self, request: Request) -> Response:
        """Let everything that is kept be made anew, or what a tag or a prefix names."""
        asked = ClearSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        moved = _cleared(**asked.validated_data)
        return Response(ClearedSerializer({"status": "success", "moved": moved}).data)


def _cleared(tag: str | None = None, prefix: str | None = None) -> list[str]:
    if tag is not None:
        return clear_tag(tag)
    return clear_all() if prefix is None else clear_prefix(prefix)


class StoryViewSet(ApiViewSet):
    """What single requests did, for staff: it says who asked."""

    scope = "monitoring"
    staff_actions = frozenset({"retrieve"})
    pagination_class = None
    filter_backends = ()

    @extend_schema(responses=StoriesSerializer)
    def retrieve(self, request: Request, request_id: str) -> Response:
        """Show the queries, log lines and tasks of a request by its X-Request-ID, for a week."""
        if not (found := stories_of(request_id)):
            raise Http404
        return Response(StoriesSerializer({"results": found}).data)


def watching(action: str, *renderers: type[BaseRenderer]) -> Any:
    """Return the view of one action, for GET, in JSON or as these renderers write."""
    chosen = renderers or [FastJSONRenderer]
    return WatchingViewSet.as_view({"get": action}, renderer_classes=chosen)


#: Joined at `/api/`.
urlpatterns = [
    path("health", HealthView.as_view(), name="health"),
    path("health/ready", ReadinessView.as_view(), name="health-ready"),
    path(
        "monitoring/metrics",
        watching("metrics", FastJSONRenderer, TextRenderer, OpenMetricsRenderer),
        name="metrics",
    ),
    path("monitoring/system", watching("system"), name="system"),
    path("monitoring/alerts", AlertViewSet.as_view({"get": "alerts"}), name="alerts"),
    path("monitoring/budgets", watching("budgets"), name="budgets"),
    path("monitoring/series", watching("series"), name="series"),
    path(
        "monitoring/requests/<str:request_id>",
        StoryViewSet.as_view({"get": "retrieve"}),
        name="story",
    ),
    path("cache/stats", watching("caches"), name="cache-stats"),
    path("cache/warmup", CacheViewSet.as_view({"post": "warm_up"}), name="cache-warmup"),
    path("cache/clear", CacheViewSet.as_view({"post": "clear"}), name="cache-clear"),
]

#: `/metrics`, where Prometheus looks.
prometheus = watching("text", TextRenderer, OpenMetricsRenderer)
