"""Who takes part in a load test: from a file, or from a demo that runs."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.load import people as module
from tests.load.people import NobodyToPlay, people


@pytest.fixture
def seeded(db, settings):
    settings.DEMO = True
    out = StringIO()
    call_command("seed_demo", users=3, chefs=2, bookings=4, json=True, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path, monkeypatch):
    path = tmp_path / "people.json"
    monkeypatch.setenv(module.FILE, str(path))
    return path


def test_reads_what_seed_demo_prints(seeded, file):
    file.write_text(seeded)
    found = people("http://nowhere")
    assert [len(some) for some in found] == [3, 2, 1, 2]
    assert found.customers[0].email == "ana@demo.example"
    assert found.customers[0].token.startswith("sf_")


@pytest.mark.parametrize("text", [None, "", "{}", '{"users": [], "chefs": []}'])
def test_says_what_to_do_without_anybody(file, text):
    if text is not None:
        file.write_text(text)
    with pytest.raises(NobodyToPlay, match="RATE_LIMITS=off make serve"):
        people("http://nowhere")


def test_says_what_to_do_where_nothing_answers():
    with pytest.raises(NobodyToPlay, match="does not answer as a demo would"):
        people("http://127.0.0.1:1")


@pytest.mark.django_db(transaction=True)
def test_finds_the_published_people_of_a_running_demo(settings, live_server):
    settings.DEMO = True
    call_command("seed_demo", users=2, chefs=3, bookings=4, verbosity=0)
    found = people(live_server.url)
    assert [person.email for person in found.customers] == ["ana@demo.example", "cho@demo.example"]
    assert found.owners[0].email == "ben@demo.example"
    assert len(found.chefs) == 3


@pytest.mark.django_db(transaction=True)
def test_site_without_a_demo_says_so(live_server):
    with pytest.raises(NobodyToPlay, match="has no demo people"):
        people(live_server.url)
