"""How a post would look on each network, and what those would not take, as JSON."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from sns.serializers.posts import IdField, VariantSerializer
from sns.services.previewing import Preview
from softfactory.kernel.api.fields import StrictCharField, StrictSerializer


class ValidateSerializer(StrictSerializer):
    """What somebody would write."""

    workspace_id = IdField(required=False, help_text=_("Whose post it is; yours unless said."))
    text = StrictCharField(default="", allow_blank=True, max_length=20_000, trim_whitespace=False)
    title = StrictCharField(default="", allow_blank=True, max_length=200)
    link = serializers.URLField(default="", allow_blank=True, max_length=2_000)
    account_ids = serializers.ListField(child=IdField(), min_length=1, max_length=50)
    variants = VariantSerializer(many=True, default=list, max_length=50)
    media = serializers.ListField(child=IdField(), default=list, max_length=10)


class IssueSerializer(serializers.Serializer):
    """What a network would not take, or what readers would miss (`is_warning`)."""

    code = serializers.CharField()
    message = serializers.CharField()
    part = serializers.IntegerField()
    is_warning = serializers.BooleanField()


class SeenPartSerializer(serializers.Serializer):
    """One post of a thread."""

    text = serializers.CharField()
    length = serializers.IntegerField(help_text=_("In the network's unit."))


class PostPreviewSerializer(serializers.Serializer):
    """A post on one account."""

    account_id = serializers.IntegerField()
    network = serializers.CharField()
    is_taken = serializers.BooleanField()
    unit = serializers.CharField()
    most = serializers.IntegerField(allow_null=True, help_text=_("Of a part; null: any length."))
    parts = SeenPartSerializer(many=True)
    issues = IssueSerializer(many=True)


class ValidationSerializer(serializers.Serializer):
    """A post on each account, and posts of the last 30 days that say the same."""

    is_valid = serializers.BooleanField()
    accounts = PostPreviewSerializer(many=True)
    duplicates = serializers.ListField(child=serializers.IntegerField())


def preview_as_json(preview: Preview) -> dict[str, Any]:
    """Return what `PostPreviewSerializer` shows."""
    return {
        "account_id": preview.account.pk,
        "network": preview.account.network,
        "is_taken": preview.is_taken,
        "unit": preview.rules.unit,
        "most": preview.rules.most,
        "parts": [
            {"text": "".join(piece for _kind, piece in part.pieces), "length": part.length}
            for part in preview.parts
        ],
        "issues": [
            {
                "code": issue.code,
                "message": str(issue.message),
                "part": issue.part,
                "is_warning": issue.is_warning,
            }
            for issue in preview.issues
        ],
    }
