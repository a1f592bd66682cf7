"""Posts and publications: what is to be said, and every attempt at it. States are read-only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from sns.admin.reading import ReadOnlyAdmin, ReadOnlyInline
from sns.models import Attempt, Comment, Post, Publication, Variant


class VariantInline(ReadOnlyInline):
    """What a post says on which account."""

    model = Variant
    fields = readonly_fields = ["account", "text"]


class PublicationInline(ReadOnlyInline):
    """What became of it on which account."""

    model = Publication
    fields = readonly_fields = ["account", "state", "url", "reason", "tries"]


class CommentInline(ReadOnlyInline):
    """What the team said."""

    model = Comment
    fields = readonly_fields = ["author", "text", "created_at"]


@admin.register(Post)
class PostAdmin(ReadOnlyAdmin):
    """What was written."""

    list_display = ["__str__", "owner", "state", "scheduled_at", "created_at"]
    list_filter = ["state", "created_at"]
    list_select_related = ["owner"]
    search_fields = ["=id", "owner__email"]
    search_help_text = gettext_lazy("Number, or the owner's address.")
    date_hierarchy = "created_at"
    ordering = ["-created_at"]
    inlines = [VariantInline, PublicationInline, CommentInline]


class AttemptInline(ReadOnlyInline):
    """Every attempt, and what came of it."""

    model = Attempt
    show_change_link = False
    fields = readonly_fields = [
        "number",
        "kind",
        "outcome",
        "answer",
        "retry_at",
        "request_id",
        "started_at",
        "duration_ms",
    ]


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    """What became of a post on an account."""

    list_display = ["__str__", "account", "state", "scheduled_at", "due_at", "tries", "reason"]
    list_filter = ["state", "account__network", "scheduled_at"]
    list_select_related = ["post", "account"]
    search_fields = ["=id", "=post__id", "account__handle", "account__owner__email"]
    ordering = ["-scheduled_at"]
    inlines = [AttemptInline]
