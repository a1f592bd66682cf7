"""How the API's schema describes who may look inside."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class MetricsTokenScheme(OpenApiAuthenticationExtension):
    """How the schema describes the token of a program that watches the site."""

    target_class = "monitoring.authentication.WatcherAuthentication"
    name = "metricsToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
