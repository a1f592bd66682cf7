"""The composition: what spans the domains (demo content, commands, the checks of a start)."""

from django.apps import AppConfig


class SoftFactoryConfig(AppConfig):
    name = "softfactory"
    label = "softfactory"

    def ready(self) -> None:
        from softfactory import checks  # noqa: F401  (registers the system checks)
