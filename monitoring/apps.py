"""The monitoring app: whether the site is alive, ready, quick, and true to its invariants."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from softfactory.kernel.registry import due, sealed, slow_from


class MonitoringConfig(AppConfig):
    name = "monitoring"
    verbose_name = _("Monitoring")

    def ready(self) -> None:
        if not settings.PAGELESS:
            from monitoring import checks, schema  # noqa: F401  (they register themselves)
        from monitoring import budgets
        from monitoring.services import invariants, plans, queries, roles, samples, stories
        from monitoring.services.alerts import channels, deliveries, rounds

        slow_from.register("monitoring.budgets", budgets.slow_from)
        due.register("monitoring.samples", samples.sample)
        due.register("monitoring.coarse", samples.make_coarse)
        due.register("monitoring.prune", samples.prune)
        due.register("monitoring.invariants", invariants.count_invariants)
        due.register("monitoring.alerts", rounds.evaluate_rules)
        due.register("monitoring.deliveries", deliveries.deliver_alerts)
        due.register("monitoring.heartbeats", channels.send_heartbeats)
        due.register("monitoring.forget_alerts", rounds.forget_alerts)
        sealed.register("monitoring.alert_channels", channels.reseal_secrets)
        due.register("monitoring.plans", plans.take_plans)
        due.register("monitoring.queries", queries.forget_old_queries)
        due.register("monitoring.stories", stories.forget_old_stories)
        roles.take_role(settings.COMMAND)
