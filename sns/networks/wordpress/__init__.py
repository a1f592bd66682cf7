"""WordPress sites (developer.wordpress.org/rest-api): posts under slugs, looked up before.

WordPress honours no keys: the same slug twice makes a second post, with `-2` after its slug, or at
the same moment even with the same. So the slug is made of the key and looked up before and after,
and a second that is there all the same is taken back.
"""

from sns.networks.wordpress.network import WordPress

__all__ = ["WordPress"]
