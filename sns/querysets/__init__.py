"""The named queries of social posts."""

from sns.querysets.accounts import MediaQuerySet, SocialAccountQuerySet
from sns.querysets.posts import (
    CampaignQuerySet,
    PostQuerySet,
    SeatQuerySet,
    TemplateQuerySet,
    VariantQuerySet,
)
from sns.querysets.publications import AttemptQuerySet, PublicationQuerySet

__all__ = [
    "AttemptQuerySet",
    "CampaignQuerySet",
    "MediaQuerySet",
    "PostQuerySet",
    "PublicationQuerySet",
    "SeatQuerySet",
    "SocialAccountQuerySet",
    "TemplateQuerySet",
    "VariantQuerySet",
]
