"""The kernel app: mechanics that know no domain."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from softfactory.kernel.counting import count_models_beside
from softfactory.kernel.registry import due

count_models_beside()


class KernelConfig(AppConfig):
    name = "softfactory.kernel"
    label = "kernel"
    verbose_name = _("Mechanics")

    def ready(self) -> None:
        from softfactory.kernel import answers
        from softfactory.kernel.db.statistics import refresh_statistics
        from softfactory.kernel.models import CacheEntry

        due.register("kernel.answers", answers.prune)
        due.register("kernel.cache", CacheEntry.prune)
        due.register("kernel.statistics", refresh_statistics)
        if settings.SILK:
            from softfactory.kernel.profiling import pruning

            due.register("kernel.silk", pruning.prune)
