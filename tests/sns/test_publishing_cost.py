"""What a post costs the worker: queries, and time of its core.

`PUBLISHING_TIMED=200` measures it, into the file that `PUBLISHING_FIGURES` names; the suite holds
the queries.
"""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sns.services.publishing import publish_due
from tests.faults.publishing import size, tell
from tests.sns.makers import make_account, make_publication
from tests.sns.peer import at

pytestmark = pytest.mark.django_db

NOW = at("2027-03-01T09:00")
COUNTED = 10
TIMED = size("PUBLISHING_TIMED", 0)
MOST_QUERIES = 20


def due(user, count):
    """So many posts that are due, each on an account of its own; the answer takes no time."""
    for number in range(count):
        account = make_account(user, network="peer", server=f"https://{number % 50}.example")
        make_publication(account, scheduled_at=NOW - timedelta(seconds=1))


def test_a_post_costs_so_many_queries(ana, peer):
    due(ana, COUNTED)
    with CaptureQueriesContext(connection) as asked:
        assert publish_due(NOW) == COUNTED
    said = [query["sql"] for query in asked.captured_queries]
    queries = sum("SAVEPOINT" not in sql for sql in said) / COUNTED

    due(ana, TIMED)
    begun = time.process_time()
    assert publish_due(NOW) == TIMED
    spent = time.process_time() - begun

    if TIMED:
        tell(queries_a_post=queries, ms_a_post=spent / TIMED * 1_000)
    assert queries <= MOST_QUERIES
