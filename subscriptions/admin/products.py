"""Products and their plans in the admin."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from softfactory.kernel.money import Money
from subscriptions.models import Plan, Product
from subscriptions.querysets import ProductQuerySet


class PlanInline(admin.TabularInline):
    """The plans of a product. Saving them saves the product, which moves its version."""

    model = Plan
    extra = 0


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    """What is sold."""

    list_display = ["name", "slug", "is_active", "prices", "updated_at"]
    list_filter = ["is_active", "plans__interval"]
    search_fields = ["name", "slug", "description"]
    search_help_text = _("Name, slug or description.")
    readonly_fields = ["version", "created_at", "updated_at"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [PlanInline]

    def get_queryset(self, request: HttpRequest) -> ProductQuerySet:
        return super().get_queryset(request).with_plans()

    @admin.display(description=_("prices"))
    def prices(self, product: Product) -> str:
        """The price of each plan, the smallest first."""
        rows = sorted(product.plan_rows or (), key=lambda row: (row["rank"], row["id"]))
        return ", ".join(
            f"{Money(row['price_amount'], row['currency'])} / {row['interval']}" for row in rows
        )
