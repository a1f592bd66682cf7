"""Bluesky, or any other server of the AT Protocol (atproto.com): posts are records under keys.

The key of a record is made of the key of the post, and its time is fixed, so that the same post
written twice is the same record: the server takes the second for what it has.
"""

from sns.networks.bluesky.network import Bluesky

__all__ = ["Bluesky"]
