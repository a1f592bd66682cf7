"""The API of subscriptions: what is sold, who has it, what it allows, and what is owed for it."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from subscriptions.api.entitlements import EntitlementViewSet
from subscriptions.api.invoices import InvoiceViewSet
from subscriptions.api.products import ProductViewSet
from subscriptions.api.subscriptions import SubscriptionViewSet

router = SimpleRouter(trailing_slash=False)
router.register("products", ProductViewSet, basename="product")
router.register("subscriptions", SubscriptionViewSet, basename="subscription")
router.register("invoices", InvoiceViewSet, basename="invoice")

urlpatterns = [
    path("entitlements", EntitlementViewSet.as_view({"get": "show"}), name="entitlements"),
    *router.urls,
    path(
        "invoices/<int:pk>.pdf",
        InvoiceViewSet.as_view({"get": "document"}),
        name="invoice-pdf",
    ),
]
