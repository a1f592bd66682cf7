"""Social posts, for staff."""

from sns.admin import accounts, posts

__all__ = ["accounts", "posts"]
