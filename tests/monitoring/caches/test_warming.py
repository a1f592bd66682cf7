"""What is warmed is what visitors ask for, in every process of the site."""

import re

import pytest
from django.core.management import CommandError, call_command

from monitoring.services.caches.warming import ENCODINGS, visits
from softfactory.kernel import trace
from tests.bookings.answers import wrong_fields
from tests.makers import make_chef, make_product
from tests.site import Site, throw_away_database

WARM_UP = "/api/cache/warmup"


@pytest.mark.django_db
class TestVisits:
    def test_are_to_pages_in_each_language_and_encoding(self, chef):
        make_chef(is_active=False)
        make_product("coocook")
        found = list(visits(5))
        paths = {visit.path for visit in found}

        assert len(found) == len(set(found)) == len(paths) * len(ENCODINGS)
        assert {"/", "/ko/", "/coocook/explore", f"/ko/coocook/chefs/{chef.pk}"} <= paths
        assert {"/api/coocook/chefs", "/api/platform/products/coocook"} <= paths
        assert sum("/chefs/" in path for path in paths) == 4  # of the one who takes bookings

    def test_are_to_as_many_chefs_as_one_says(self, chef):
        make_chef()

        assert len(list(visits(2))) - len(list(visits(1))) == 4 * len(ENCODINGS)
        assert not [visit for visit in visits(0) if "/chefs/" in visit.path]


@pytest.mark.django_db(transaction=True)
class TestApi:
    def test_makes_what_is_asked_for_afterwards(
        self, api, client, dee, chef, still, settings, monkeypatch
    ):
        settings.SITE_URL = "http://testserver"
        answer = api(dee).post(WARM_UP, {"chefs": 1})
        assert answer.json() == {"status": "success", "items_warmed": len(list(visits(1)))}

        origins = []
        monkeypatch.setattr(trace, "note_origin", origins.append)
        for path in ("/ko/", "/coocook/explore", f"/api/coocook/chefs/{chef.pk}"):
            client.get(path, headers={"Host": "testserver", "Accept-Encoding": "gzip, br"})
        assert origins == ["kept"] * 3

    def test_refuses_what_it_does_not_understand(self, api, dee):
        staff = api(dee)

        assert wrong_fields(staff.post(WARM_UP, {"chefs": 201})) == {"chefs": "max_value"}
        assert wrong_fields(staff.post(WARM_UP, {"pages": 1})) == {"pages": "unknown"}


class TestCommand:
    @pytest.mark.django_db
    def test_says_that_no_site_runs_here(self, settings, tmp_path):
        settings.PROCESSES_DIR = tmp_path

        with pytest.raises(CommandError, match="does not run"):
            call_command("warm_cache")

    @pytest.mark.sqlite
    def test_reaches_every_process_with_what_visitors_send(self, tmp_path):
        """Behind a proxy with TLS; every process then has it, whoever answers."""
        with throw_away_database("sqlite", tmp_path) as database:
            proxied = {"SITE_URL": "https://localhost", "TRUSTED_PROXIES": "127.0.0.1"}
            site = Site(tmp_path, database, REDIS_URL="", **proxied)
            site.start()
            try:
                printed = site.manage("warm_cache", "--chefs", "0")
                visitor = {
                    "Host": "localhost",
                    "X-Forwarded-Proto": "https",
                    "Accept-Encoding": "gzip, deflate, br, zstd",
                }
                for path in ("/", "/ko/coocook/explore", "/api/coocook/chefs") * 9:
                    assert site.call("GET", path, headers=visitor).status == 200
                assert found(site) == (27, 0)
                layers = found_by_layer(site)
                site.manage("warm_cache", "--chefs", "0")
                assert found_by_layer(site) == layers
            finally:
                site.kill()

        assert re.fullmatch(r"\d+ answers are warm in 2 processes\.\n", printed)


def stats_of(site):
    return site.call("GET", "/api/cache/stats", headers={"Host": "localhost"}).json()


def found(site):
    """How many cached reads visitors found made already, and how many not, in all processes."""
    stats = stats_of(site)
    return stats["hits"], stats["misses"]


def found_by_layer(site):
    """The same of all layers that a cached read goes through."""
    layers = {layer["name"]: (layer["hits"], layer["misses"]) for layer in stats_of(site)["layers"]}
    return {name: layers[name] for name in ("ready", "reads", "default")}
