"""The subscriptions app: products and the plans they are sold by."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from softfactory.kernel.db import generations


class SubscriptionsConfig(AppConfig):
    name = "subscriptions"
    verbose_name = _("Products and plans")

    def ready(self) -> None:
        from subscriptions.models import Plan, Product

        generations.watch("products", Product, Plan)
