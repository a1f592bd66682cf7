"""The sns app: what is written once, and appears exactly once on every network."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from softfactory.kernel.registry import guards, invariants


class SnsConfig(AppConfig):
    name = "sns"
    verbose_name = _("Social posts")

    def ready(self) -> None:
        from sns import invariants as counts

        invariants.register("sns.strange_publications", counts.count_strange_publications)
        invariants.register("sns.unproven_publications", counts.count_unproven_publications)
        invariants.register("sns.wrong_posts", counts.count_wrong_posts)
        guards.register("sns.attempts", counts.are_attempts_append_only)
