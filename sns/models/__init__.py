"""The tables of social posts: accounts, what is written, where it goes, and what became of it."""

from sns.models.account import SocialAccount
from sns.models.media import Media, PostMedia
from sns.models.planning import Campaign, Template
from sns.models.post import Post, Variant
from sns.models.publication import Attempt, Publication
from sns.models.team import Comment, Seat

__all__ = [
    "Attempt",
    "Campaign",
    "Comment",
    "Media",
    "Post",
    "PostMedia",
    "Publication",
    "Seat",
    "SocialAccount",
    "Template",
    "Variant",
]
