"""Health: whether a process is alive, and whether it can do its work."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from monitoring.services import readiness
from softfactory.kernel.http.problems import CONTENT_TYPE, problem_body


class HealthSerializer(serializers.Serializer):
    """The whole answer of a living process."""

    status = serializers.CharField()


class ReadinessSerializer(HealthSerializer):
    """What the site stands on, each `true` if it stands."""

    checks = serializers.DictField(child=serializers.BooleanField())


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


urlpatterns = [
    path("", HealthView.as_view(), name="health"),
    path("/ready", ReadinessView.as_view(), name="health-ready"),
]
