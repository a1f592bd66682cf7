"""Reviews in the admin: to find and to read."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from bookings.models import GuestReview, Review


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin):
    """What customers said. Nobody else says it for them, or takes it back."""

    list_display = ["chef", "rating", "beginning", "author_name", "created_at"]
    list_display_links = ["chef", "beginning"]
    list_filter = ["rating", "may_be_quoted", "created_at"]
    list_select_related = ["chef"]
    search_fields = ["chef__name", "author_name", "text"]
    search_help_text = _("Chef, author, or words of the text.")
    date_hierarchy = "created_at"
    ordering = ["-created_at"]
    show_full_result_count = False
    fields = [
        "chef",
        "booking",
        "author_name",
        "rating",
        "text",
        "created_at",
        "published_at",
        "answer",
        "answered_at",
        "may_be_quoted",
    ]

    @admin.display(description=_("text"))
    def beginning(self, review: Review) -> str:
        """The first words."""
        return Truncator(review.text).words(12)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Review | None = None) -> bool:
        return False


@admin.register(GuestReview)
class GuestReviewAdmin(ReviewAdmin):
    """What chefs said of their guests."""

    list_display = ["booking", "rating", "beginning", "created_at"]
    list_display_links = ["booking", "beginning"]
    list_filter = ["rating", "created_at"]
    list_select_related = ["booking"]
    search_fields = ["booking__chef__name", "text"]
    search_help_text = _("Chef, or words of the text.")
    fields = ["booking", "rating", "text", "created_at", "published_at"]
