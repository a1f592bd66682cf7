"""The networks one can publish on, each a module behind the same protocol.

To add one: write its module, and its line here.
"""

from collections.abc import Mapping
from typing import Final

from sns.networks.bluesky import Bluesky
from sns.networks.mastodon import Mastodon
from sns.networks.protocol import Network
from sns.networks.webhook import Webhook
from sns.networks.wordpress import WordPress

NETWORKS: Final[Mapping[str, Network]] = {
    network.key: network for network in (Bluesky(), Mastodon(), WordPress(), Webhook())
}
