"""The replica answers cached reads, and only while it is as new as what they are kept under."""

from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django.db import connection, connections, router, transaction
from django.test import Client

from softfactory.kernel import breaker as breakers
from softfactory.kernel.breaker import Breaker
from softfactory.kernel.db import router as routing
from softfactory.kernel.db.generations import numbers
from softfactory.kernel.db.router import AWAY, ReplicaRouter, read_at
from subscriptions.models import Product
from tests.makers import make_product

pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.django_db(transaction=True, databases=["default", "replica"]),
]

LIST = "/api/platform/products"


class Replica:
    """A copy of the database, which follows when it is told to."""

    def __init__(self, path):
        self.path = path

    def follow(self):
        """Copy the primary, and mark the copy, so that one sees whose rows are shown."""
        self.path.unlink(missing_ok=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(self.path)])
        copy = connection.Database.connect(self.path)
        copy.execute("UPDATE subscriptions_product SET name = name || ' (replica)'")
        copy.commit()
        copy.close()

    def vanish(self):
        connections["replica"].close()
        self.path.write_bytes(b"no database")


@pytest.fixture(scope="module", autouse=True)
def _second_database():
    """As DATABASE_REPLICA_URL would name it."""
    connections.settings["replica"] = {
        **connections.settings["default"],
        "TEST": {**connections.settings["default"]["TEST"], "MIRROR": "default"},
    }
    yield
    del connections["replica"], connections.settings["replica"]


@pytest.fixture
def clock(monkeypatch):
    """The clock of the pause after a failure, to set."""
    now = [100.0]
    monkeypatch.setattr(breakers, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(routing, "breaker", Breaker("The replica", AWAY, pause=5.0))
    return now


@pytest.fixture
def replica(tmp_path, settings, clock):
    copy = Replica(tmp_path / "replica.sqlite3")
    connections["replica"].settings_dict["NAME"] = str(copy.path)
    settings.DATABASE_ROUTERS = ["softfactory.kernel.db.router.ReplicaRouter"]
    yield copy
    connections["replica"].close()


def shown():
    return [row["name"] for row in Client().get(LIST).json()["results"]]


def test_a_replica_that_caught_up_answers_cached_reads(replica):
    make_product("one", name="Soup")
    replica.follow()

    assert shown() == ["Soup (replica)"]


def test_one_that_is_behind_does_not(replica):
    make_product("one", name="Soup")
    replica.follow()
    shown()
    Product.objects.update(name="Rice")

    assert shown() == ["Rice"]


def test_until_it_caught_up(replica):
    make_product("one", name="Soup")
    replica.follow()
    Product.objects.update(name="Rice")
    replica.follow()

    assert shown() == ["Rice (replica)"]


def test_a_replica_that_is_away_is_no_error(replica):
    make_product("one", name="Soup")
    replica.follow()
    replica.vanish()

    assert shown() == ["Soup"]


def test_one_that_is_lost_while_it_is_read_is_no_error(replica):
    make_product("one", name="Soup")
    replica.follow()
    tries = []

    def read():
        tries.append(len(tries))
        if tries == [0]:
            replica.vanish()
        return Product.objects.get().name

    assert read_at(numbers("products"), read) == "Soup"
    assert tries == [0, 1]


def test_one_that_was_away_is_asked_again_after_a_pause(replica, clock):
    make_product("one", name="Soup")
    replica.follow()
    replica.vanish()
    shown()
    connections["replica"].close()
    replica.follow()
    caches["default"].clear()

    assert shown() == ["Soup"]
    caches["default"].clear()
    clock[0] += 5

    assert shown() == ["Soup (replica)"]


def test_everything_else_goes_to_the_primary(replica, dee, api):
    make_product("one", name="Soup")
    replica.follow()

    assert Product.objects.get().name == "Soup"
    answer = api(dee).patch(f"{LIST}/one", {"icon": "pan"}, headers={"If-Match": "*"})
    assert answer.json()["name"] == "Soup"


def test_a_write_inside_of_a_read_goes_to_the_primary(replica):
    make_product("one", name="Soup")
    replica.follow()

    def give_an_icon():
        read = Product.objects.get()
        read.icon = "pan"
        read.save(update_fields=["icon"])
        return read

    read = read_at(numbers("products"), give_an_icon)

    assert read.name == "Soup (replica)"
    assert Product.objects.values_list("name", "icon").get() == ("Soup", "pan")


def test_reads_return_to_the_primary_after_an_error(replica):
    make_product("one", name="Soup")
    replica.follow()

    with pytest.raises(ZeroDivisionError):
        read_at(numbers("products"), lambda: 1 / 0)
    assert Product.objects.get().name == "Soup"


def test_inside_an_uncommitted_write_the_primary_answers(replica):
    make_product("one", name="Soup")
    replica.follow()

    with transaction.atomic():
        Product.objects.update(icon="pan")
        assert shown() == ["Soup"]


def test_rows_of_both_may_be_related_and_only_the_primary_is_migrated(replica):
    assert router.allow_relation(Product(), Product())
    assert ReplicaRouter().allow_migrate("default", "bookings")
    assert not ReplicaRouter().allow_migrate("replica", "bookings")


def test_without_a_replica_nothing_changes(monkeypatch):
    monkeypatch.delitem(connections.settings, "replica")
    used = read_at(numbers("products"), lambda: ReplicaRouter().db_for_read(Product))
    assert used == "default"
