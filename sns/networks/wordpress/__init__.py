"""WordPress sites (developer.wordpress.org/rest-api): posts under slugs, looked up before.

WordPress honours no keys: the same slug twice makes a second post, with `-2` after its slug. So the
slug is made of the key and looked up first, and whoever made a second all the same takes it back.
"""

from sns.networks.wordpress.network import WordPress

__all__ = ["WordPress"]
