"""Servers are asked for their limits once a day: they change, and posts are cut by them."""

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from sns.models import SocialAccount
from sns.networks import NETWORKS
from sns.networks.protocol import NetworkError
from sns.services.accounts import FACTS_EVERY, access_of

AT_ONCE = 16  # servers
LOOKED_AT = 200  # accounts

logger = logging.getLogger(__name__)

type Facts = Mapping[str, Any]


def refresh_facts(now: datetime) -> int:
    """Ask each server whose turn it is, by one of its accounts; return how many said something.

    One that says nothing is asked again a day later, and its limits stay as they were known.
    """
    found = list(SocialAccount.objects.to_ask(now=now)[:LOOKED_AT])
    by_server = {(row.network, row.server): row for row in reversed(found)}
    mine = [row for row in list(by_server.values())[:AT_ONCE] if _claim(row, now=now)]
    if not mine:
        return 0
    with ThreadPoolExecutor(len(mine)) as threads:
        heard = list(threads.map(_ask, mine))
    for row, facts in zip(mine, heard, strict=True):
        if facts is not None:
            _keep(row, facts, now=now)
    return sum(facts is not None for facts in heard)


def _claim(row: SocialAccount, *, now: datetime) -> bool:
    """Take a server by moving its accounts' time; tell whether nobody else has."""
    due = SocialAccount.objects.on_server(row.network, row.server).filter(facts_due_at__lte=now)
    return bool(due.update_derived(facts_due_at=now + FACTS_EVERY))


def _ask(row: SocialAccount) -> Facts | None:
    network = NETWORKS.get(row.network)
    if network is None:
        return None
    try:
        return network.facts(access_of(row))
    except NetworkError as error:
        logger.info("%s said nothing of its limits: %s", row.server, error.reason)
    except Exception:  # ours; the others are asked all the same
        logger.exception("%s could not be asked for its limits", row.server)
    return None


def _keep(row: SocialAccount, facts: Facts, *, now: datetime) -> None:
    """Write down what was heard, but for accounts that were connected again meanwhile: theirs is
    newer.
    """
    claimed = SocialAccount.objects.on_server(row.network, row.server)
    claimed = claimed.connected().filter(facts_due_at=now + FACTS_EVERY)
    claimed.update_derived(facts=dict(facts))
