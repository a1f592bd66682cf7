"""What a page's headers tell the browser to fetch: its files, and pages that one may open next."""

import json

import pytest
from django.test import Client, RequestFactory

from softfactory.kernel.assets import asset_url
from softfactory.kernel.http import hints

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_page_names_its_files_when_it_is_made_and_when_it_is_kept(client, chef):
    for path in ("/", f"/coocook/chefs/{chef.pk}", "/ko/accounts/login", "/nowhere"):
        for _time in range(2):
            link = client.get(path).headers["Link"]
            assert f"<{asset_url('app.css')}>; rel=preload; as=style" in link
            assert f"<{asset_url('app.js')}>; rel=modulepreload" in link
            assert "as=font" in link


def test_all_that_is_named_is_there_and_used(client):
    page = client.get("/")
    for name in hints.FILES:
        file = client.get(asset_url(name))
        file.close()
        assert file.status_code == 200
        assert name.endswith(".woff2") or asset_url(name) in page.text


@pytest.mark.parametrize("path", ["/admin/login/", "/api/coocook/chefs", "/api/nowhere"])
def test_what_is_not_made_of_these_files_names_none(client, path):
    answer = client.get(path)
    assert "Link" not in answer.headers
    assert "Speculation-Rules" not in answer.headers


def test_a_part_of_a_page_names_none(client):
    assert "Link" not in client.get("/coocook/explore", headers={"HX-Request": "true"}).headers


def test_rules_name_public_pages_alone_and_may_be_kept(client):
    address = json.loads(client.get("/").headers["Speculation-Rules"])
    answer = client.get(address)

    assert answer.headers["Content-Type"] == "application/speculationrules+json"
    assert answer.headers["Cache-Tag"] == "release"
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, "public, max-age=86400")
    [rule] = json.loads(answer.content)["prefetch"]
    assert rule["eagerness"] == "moderate"
    assert not any(word in str(rule) for word in ("book", "account", "requests", "admin"))


@pytest.mark.parametrize(
    ("is_on", "path", "mode", "is_sent"),
    [
        (True, "/", "navigate", True),
        (False, "/", "navigate", False),
        (True, "/", "cors", False),
        (True, "/api/health", "navigate", False),
        (True, "/admin/", "navigate", False),
    ],
)
def test_early_hints_are_for_who_navigates_to_a_page(settings, is_on, path, mode, is_sent):
    settings.EARLY_HINTS = is_on
    sent = []
    request = RequestFactory(headers={"Sec-Fetch-Mode": mode}).get(
        path, **{"wsgi.early_hints": sent.append}
    )

    hints.HintsMiddleware(lambda request: Client().get("/api/health"))(request)

    assert sent == ([[("Link", hints.links())]] if is_sent else [])
