"""Mastodon, and servers that speak its language (docs.joinmastodon.org): statuses, once a key.

A key is honoured for an hour. So after that, and for threads in any case, one looks among the
account's statuses for what is there already.
"""

from sns.networks.mastodon.network import Mastodon

__all__ = ["Mastodon"]
