"""The type of a problem is an address that explains problems."""

from urllib.parse import urlsplit

import pytest


@pytest.mark.django_db
def test_the_type_of_a_problem_leads_to_the_rules(client):
    refusal = client.get("/api/coocook/bookings").json()
    answer = client.get(refusal["type"])
    assert answer.status_code == 302
    address = urlsplit(answer.headers["Location"])
    reference = client.get(address.path)
    assert reference.status_code == 200
    assert f'id="{address.fragment}"' in reference.content.decode()
