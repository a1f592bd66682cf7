"""On a site of its own, a request's story is there soon after the answer, and after a stop."""

import json

import pytest
from django.db import connection

from tests.site import Site, throw_away_database


@pytest.fixture
def site(tmp_path):
    """A running site without people."""
    with throw_away_database(connection.vendor, tmp_path) as url:
        site = Site(tmp_path, url, WEB_CONCURRENCY="1", STORY_PERCENT="0")
        try:
            site.start()
            yield site
        finally:
            site.kill()


def test_a_stop_loses_no_story(site):
    tries = {"email": "nobody@example.test", "password": "wrong"}
    for number in range(3):
        refused = site.call(
            "POST", "/api/auth/tokens", tries, headers={"X-Request-ID": f"try-{number}"}
        )
        assert refused.status == 401
    site.stop()

    for number in range(3):
        (story,) = json.loads(site.manage("request_story", f"try-{number}", "--json"))
        assert (story["route"], story["status"]) == ("/api/auth/tokens", 401)
        assert story["queries"]
        assert "nobody@" not in json.dumps(story)
