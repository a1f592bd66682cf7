"""Products, their plans and what those allow, in the admin."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from softfactory.kernel.money import Money
from subscriptions.models import Exemption, Feature, Plan, PlanFeature, Product
from subscriptions.querysets import ProductQuerySet


class PlanInline(admin.TabularInline):
    """The plans of a product. Saving them saves the product, which moves its version."""

    model = Plan
    extra = 0
    show_change_link = True  # what it allows is on its own page


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


class PlanFeatureInline(admin.TabularInline):
    """What a plan allows."""

    model = PlanFeature
    extra = 0


@admin.register(Plan)
class PlanAdmin(admin.ModelAdmin):
    """A plan with what it allows: it is added, and its price set, with its product."""

    list_display = ["name", "product", "interval", "rank"]
    list_filter = ["product"]
    list_select_related = ["product"]
    search_fields = ["name", "product__name"]
    fields = readonly_fields = ["product", "name", "interval", "price"]
    ordering = ["product__name", "rank"]
    inlines = [PlanFeatureInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_related(self, request: HttpRequest, form: ModelForm, *args: Any) -> None:
        """Save what the plan allows, and move its product's version, as a price does."""
        super().save_related(request, form, *args)
        Product.objects.filter(pk=form.instance.product_id).update()


@admin.register(Feature)
class FeatureAdmin(admin.ModelAdmin):
    """What plans may allow. A key is what programs ask for, and stays as it is."""

    list_display = ["name", "key", "kind", "free", "rank"]
    list_filter = ["kind"]
    search_fields = ["name", "key"]
    ordering = ["rank", "key"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["key", "kind"] if obj else []


@admin.register(Exemption)
class ExemptionAdmin(admin.ModelAdmin):
    """Whom no plan limits, and why."""

    list_display = ["user", "reason", "created_at"]
    list_select_related = ["user"]
    search_fields = ["user__email", "reason"]
    raw_id_fields = ["user"]
    readonly_fields = ["created_at"]
    ordering = ["-created_at"]
