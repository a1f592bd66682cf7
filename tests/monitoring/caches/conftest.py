"""What tests of clearing share: a public read of everything, and which are made anew."""

import pytest

from softfactory.kernel import trace
from tests.makers import make_chef, make_product


@pytest.fixture
def addresses(chef):
    """Public reads: of all chefs and of Ben's, of his times and another's, of products."""
    make_product("coocook")
    return {
        "chefs": "/api/coocook/chefs",
        "chef": f"/api/coocook/chefs/{chef.pk}",
        "slots": f"/api/coocook/chefs/{chef.pk}/slots",
        "other slots": f"/api/coocook/chefs/{make_chef().pk}/slots",
        "free": "/coocook/fragments/free-this-week",
        "products": "/api/platform/products",
        "home": "/ko/",
    }


@pytest.fixture
def made(client, addresses, monkeypatch, still):
    """`made()` asks for all of them, and returns the names of those that were made anew."""
    origins = []
    monkeypatch.setattr(trace, "note_origin", origins.append)

    def origin(address):
        assert client.get(address).status_code == 200
        return origins[-1]

    def made():
        return {name for name, address in addresses.items() if origin(address) == "made"}

    assert made() == addresses.keys()
    assert made() == set()
    return made
