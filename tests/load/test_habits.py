"""How people use the site: every habit is somebody's, and every journey exists.

The journeys are read as text: who imports Locust has every socket of the process patched.
"""

import ast
import re
from pathlib import Path

import pytest

from monitoring.routes import endpoints
from tests.load import habits
from tests.load.habits import HABITS

JOURNEYS = Path(habits.__file__).parent / "journeys"
ABSTRACT = {"Person", "Member"}


def classes():
    """The classes of people, each with its base and its methods."""
    trees = [ast.parse(path.read_text()) for path in JOURNEYS.glob("*.py")]
    found = [node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]
    return {
        node.name: (node.bases[0].id, {f.name for f in node.body if isinstance(f, ast.FunctionDef)})
        for node in found
    }


def test_every_kind_of_people_has_its_habits():
    assert classes().keys() - ABSTRACT == HABITS.keys()


@pytest.mark.parametrize("name", HABITS)
def test_every_journey_is_a_method(name):
    known = classes()
    base, methods = known[name]
    assert HABITS[name].journeys.keys() <= methods | known[base][1]


def test_shares_are_of_a_hundred():
    assert sum(habit.share for habit in HABITS.values()) == 100


def test_nobody_thinks_backwards_or_not_at_all():
    assert all(0 < least <= most for least, most in (h.think for h in HABITS.values()))


def test_requests_are_named_by_routes_of_the_site():
    named = set()
    for path in (*JOURNEYS.glob("*.py"), JOURNEYS.parent / "browser.py"):
        named |= set(re.findall(r'(?<!f)"(/[\w/{}-]*)"', path.read_text()))
    assert named - {"/static/built/", "/coocook/"} <= {route for route, _view in endpoints()}
