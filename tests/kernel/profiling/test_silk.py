"""silk on a site of its own: for staff, masked, of no machine's requests, and not for ever."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection

from softfactory.kernel import clock
from tests.site import Site, throw_away_database

SECRETS = ["hunter2", "sf_of_somebody", "key-of-a-reset", "digest", "cookie-of-somebody"]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

SIGN_IN = """
from django.test import Client
from softfactory.accounts.models import User
browser = Client()
browser.force_login(User.objects.get(email="{email}"))
print(browser.cookies["sessionid"].value)
"""
STORED = """
import json
from silk import models
tables = (models.Request, models.Response, models.SQLQuery, models.Profile)
print(json.dumps({table.__name__: list(table.objects.values()) for table in tables}, default=str))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site that records every request; Ana and Dee are the demo's."""
    folder = tmp_path_factory.mktemp("silk")
    with throw_away_database(connection.vendor, folder) as url:
        site = Site(folder, url, SILK="1", SILK_PERCENT="100")
        try:
            site.manage("migrate", "--verbosity", "0")
            site.manage("seed_demo", "--users", "1", "--chefs", "1", "--bookings", "0")
            site.start()
            yield site
        finally:
            site.kill()


@pytest.fixture(scope="module")
def enter(site):
    """`enter("dee")` is the header of a browser in which Dee is signed in."""

    def cookie(name):
        script = SIGN_IN.format(email=f"{name}@demo.example")
        return {"Cookie": f"sessionid={site.manage('shell', '-v0', '-c', script).strip()}"}

    return cookie


@pytest.fixture
def stored(site):
    """`stored()` is everything that silk keeps, by table."""
    return lambda: json.loads(site.manage("shell", "-v0", "-c", STORED))


def test_staff_sees_its_pages(site, enter):
    dee = enter("dee")
    for page in ("", "requests/", "profiling/", "cleardb/"):
        answer = site.call("GET", f"/silk/{page}", headers=dee)
        assert answer.status == 200
        assert "'unsafe-hashes'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_others_see_none(site, enter):
    assert site.call("GET", "/silk/", headers=enter("ana")).status == 404
    nobody = site.call("GET", "/silk/")
    assert (nobody.status, nobody.headers["Location"]) == (302, "/accounts/login?next=/silk/")


def test_a_page_shows_python_and_no_other_file(site, enter, stored):
    dee = enter("dee")
    site.call("GET", "/coocook/explore?guests=2")
    page = f"/silk/profile/{stored()['Profile'][0]['id']}/?pos=1&line_num=1&file_path="

    assert site.call("GET", f"{page}manage.py", headers=dee).status == 200
    assert site.call("GET", f"{page}/etc/passwd", headers=dee).status == 404
    assert site.call("GET", "/silk/profile/999999/", headers=dee).status == 404


def test_nothing_that_opens_a_door_is_stored(site, enter, stored):
    dee = enter("dee")
    password = {"email": "dee@demo.example", "password": "hunter2"}
    headers = {"Authorization": "Bearer sf_of_somebody", "X-CSRFToken": "cookie-of-somebody"}
    site.call("POST", "/api/auth/tokens", password, headers=headers)
    issued = site.call(
        "POST", "/api/auth/tokens", {**password, "password": "softfactory-demo", "name": "mine"}
    )
    assert issued.status == 201
    site.call("GET", "/api/coocook/chefs?token=hunter2&next=/?key=hunter2", headers=dee)
    site.call("GET", "/accounts/password/reset/1-key-of-a-reset", headers={"Cookie": "a=hunter2"})
    site.call("GET", "/", headers={"Referer": "http://x/accounts/password/reset/1-key-of-a-reset"})
    form = urlencode({"login": "dee@demo.example", "password": "hunter2"})
    for kind in (FORM, {"Content-Type": "text/plain"}, {}):
        site.call("POST", "/accounts/login", form, headers=kind)

    kept = stored()
    text = json.dumps(kept)

    assert [row["path"] for row in kept["Request"]].count("/accounts/login") == 3
    session = dee["Cookie"].removeprefix("sessionid=")
    secrets = [*SECRETS, session, issued.json()["token"], "softfactory-demo"]
    assert [secret for secret in secrets if secret in text.replace(r"\"digest\"", "")] == []


def test_numbers_in_queries_stay_to_be_compared(site, stored):
    site.call("GET", "/api/coocook/chefs/1/slots?from=2027-03-01&to=2027-03-02&duration_hours=2")

    queries = [row["query"] for row in stored()["SQLQuery"]]
    assert any('"bookings_occupancy"."chef_id" IN (1)' in query for query in queries)


def test_names_of_profiles(site, stored):
    site.call("GET", "/coocook/explore?guests=3")

    profiles = {row["name"]: row for row in stored()["Profile"]}
    assert profiles["explore page"]["func_name"] == "_explored"
    assert profiles["explore page"]["file_path"].endswith("bookings/views/explore.py")


@pytest.mark.parametrize("path", ["/api/health", "/api/health/ready", "/static/robots.txt"])
def test_machines_are_not_recorded(site, stored, path):
    site.call("GET", path)

    assert path not in {row["path"] for row in stored()["Request"]}


def test_it_forgets(site, stored):
    site.call("GET", "/coocook/explore?guests=4")
    later = clock.now() + timedelta(days=3)

    site.manage("run_due", "--now", later.isoformat())

    assert [len(rows) for rows in stored().values()] == [0, 0, 0, 0]


def test_statements_that_are_kept_are_recorded_too(site, stored):
    site.call("GET", "/api/coocook/chefs?limit=7")
    site.call("GET", "/api/coocook/chefs?limit=7&cursor=")

    (asked, *_more) = [
        row["id"] for row in stored()["Request"] if "limit" in (row["query_params"] or "")
    ]
    queries = [row["query"] for row in stored()["SQLQuery"] if row["request_id"] == asked]
    assert any("bookings_chef" in query for query in queries)
