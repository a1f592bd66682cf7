"""Publications as JSON: what became of a post on each account, and every attempt at it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from sns.models import Attempt, Publication

ATTEMPT = (
    "number",
    "kind",
    "outcome",
    "status",
    "answer",
    "retry_at",
    "request_id",
    "started_at",
    "duration_ms",
)
PUBLICATION = (
    "id",
    "post_id",
    "account_id",
    "state",
    "scheduled_at",
    "late_at",
    "due_at",
    "tries",
    "url",
    "reason_code",
    "reason",
    "published_at",
    "deleted_at",
    "likes",
    "replies",
    "reposts",
)


class PublicationAttemptSerializer(serializers.Serializer):
    """One try, and what came of it. It is never changed."""

    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Attempt.Kind.choices)
    outcome = serializers.ChoiceField(choices=Attempt.Outcome.choices)
    status = serializers.IntegerField(allow_null=True, help_text=_("Of HTTP; null: no answer."))
    answer = serializers.CharField(help_text=_("What the network said, or the post's address."))
    retry_at = serializers.DateTimeField(allow_null=True)
    request_id = serializers.CharField(help_text=_("The network's, else ours."))
    started_at = serializers.DateTimeField()
    duration_ms = serializers.IntegerField()


class PublicationSerializer(serializers.Serializer):
    """A post on one account."""

    id = serializers.IntegerField()
    post_id = serializers.IntegerField()
    account_id = serializers.IntegerField()
    network = serializers.CharField()
    handle = serializers.CharField()
    state = serializers.ChoiceField(choices=Publication.State.choices)
    scheduled_at = serializers.DateTimeField()
    late_at = serializers.DateTimeField(help_text=_("From then on it is missed."))
    due_at = serializers.DateTimeField(allow_null=True, help_text=_("The next attempt."))
    tries = serializers.IntegerField()
    url = serializers.CharField()
    reason_code = serializers.CharField()
    reason = serializers.CharField()
    published_at = serializers.DateTimeField(allow_null=True)
    deleted_at = serializers.DateTimeField(allow_null=True)
    likes = serializers.IntegerField(allow_null=True)
    replies = serializers.IntegerField(allow_null=True)
    reposts = serializers.IntegerField(allow_null=True)
    attempts = PublicationAttemptSerializer(many=True)


class PublicationsSerializer(serializers.Serializer):
    """All of a post's, as its accounts were chosen."""

    results = PublicationSerializer(many=True)


def tell_publication(pk: int) -> dict[str, Any]:
    """Return what a webhook tells of a publication: what `PublicationSerializer` shows."""
    return publication_as_json(Publication.objects.with_attempts().get(pk=pk))


def publication_as_json(publication: Publication) -> dict[str, Any]:
    """Return what `PublicationSerializer` shows, of a row `with_attempts()`."""
    shown = {name: getattr(publication, name) for name in PUBLICATION}
    account = publication.account
    return shown | {
        "network": account.network,
        "handle": account.handle,
        "attempts": [
            {name: getattr(attempt, name) for name in ATTEMPT}
            for attempt in publication.attempts.all()
        ],
    }
