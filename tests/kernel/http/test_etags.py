"""Entity tags: what a client has, and which version it means to change."""

import re
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path

from softfactory.kernel.http.etags import (
    etag_of,
    known_tag,
    matched_versions,
    release,
    with_encoding,
)
from softfactory.kernel.problems import PreconditionRequired
from tests.makers import make_product

rf = RequestFactory()


def row(version=3, derived=""):
    return SimpleNamespace(version=version, derived=derived)


def page(request):
    return HttpResponse(f"hello {request.GET.get('name', '')}")


def nothing(request):
    return HttpResponse(status=204)


def failing(request):
    return HttpResponse("no", status=404)


urlpatterns = [path("page", page), path("nothing", nothing), path("failing", failing)]


def test_a_rows_tag_is_strong_and_names_its_version():
    assert re.fullmatch(r'"3\.[0-9a-f]{8}"', etag_of(row()))


def test_a_rows_tag_moves_with_version_derived_columns_and_release(monkeypatch):
    tags = {etag_of(row()), etag_of(row(4)), etag_of(row(derived="1.5"))}
    monkeypatch.setattr("softfactory.kernel.http.etags.release", lambda: "another")
    tags.add(etag_of(row()))

    assert len(tags) == 4


def test_the_release_is_a_digest_of_what_shapes_answers():
    assert re.fullmatch(r"[0-9a-f]{12}", release())


def test_in_development_it_follows_every_edit(settings, tmp_path):
    before = release()
    settings.BASE_DIR = tmp_path
    for name in ("requirements/base.txt", "static/built/manifest.json", "templates/base.html"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("one")

    assert release() == before
    settings.DEBUG = True
    first = release()
    (tmp_path / "templates/base.html").write_text("two")
    assert len({before, first, release()}) == 3


@pytest.mark.parametrize(("etag", "encoded"), [('"3.ab"', '"3.ab-br"'), ('W/"ab"', 'W/"ab"')])
def test_a_strong_tag_names_its_encoding(etag, encoded):
    assert with_encoding(etag, "br") == encoded


@pytest.mark.parametrize(
    ("header", "versions"),
    [
        ("*", None),
        (' "3.0a1b2c3d" ', {3}),
        ('"3.0a1b2c3d-br"', {3}),
        ('"3.0a1b2c3d-gzip", "4.0a1b2c3d-zstd"', {3, 4}),
        ('W/"3.0a1b2c3d"', set()),  # If-Match compares strongly
        ('"another"', set()),
        ("3", set()),
        ('"3"', set()),
        ('"-3.ab"', set()),
        ('"99999999999999999999999.ab"', set()),
        ("", set()),
    ],
)
def test_if_match_names_versions(header, versions):
    assert matched_versions(rf.put("/", headers={"If-Match": header})) == versions


def test_without_if_match_one_is_asked_for_it():
    with pytest.raises(PreconditionRequired) as refused:
        matched_versions(rf.put("/"))
    assert (refused.value.status, refused.value.code) == (428, "if_match_missing")


@pytest.mark.parametrize(
    ("known", "same"),
    [
        ('"3.ab"', '"3.ab"'),
        ('"3.ab-br"', '"3.ab-br"'),
        ('"2.ab", "3.ab-gzip"', '"3.ab-gzip"'),
        ('W/"3.ab"', 'W/"3.ab"'),  # If-None-Match compares weakly
        ("*", None),  # which says that one has something, and not what
        ('"4.ab"', None),
        ('"3.ab-rot13"', None),
        ("3.ab", None),
        ("", None),
    ],
)
def test_if_none_match_names_what_one_has(known, same):
    request = rf.get("/", headers={"If-None-Match": known})

    assert known_tag(request, '"3.ab-zstd"') == same


@pytest.mark.urls(__name__)
class TestEveryAnswer:
    def test_to_a_get_has_a_weak_tag_of_its_body(self, client):
        one, same, other = (client.get(f"/page?name={name}") for name in ("a", "a", "b"))

        assert one.headers["ETag"].startswith('W/"')
        assert one.headers["ETag"] == same.headers["ETag"] != other.headers["ETag"]

    def test_that_one_has_is_304_and_private_all_the_same(self, client):
        etag = client.get("/page").headers["ETag"]
        known = client.get("/page", headers={"If-None-Match": etag})

        assert (known.status_code, known.content) == (304, b"")
        assert known.headers["ETag"] == etag
        assert known.headers["Cache-Control"] == "private, no-store"
        assert known.headers["Content-Language"] == "en"
        assert "Content-Length" not in known.headers

    def test_to_who_has_anything_at_all_is_304_if_there_is_something(self, client):
        assert client.get("/page", headers={"If-None-Match": "*"}).status_code == 304
        assert client.get("/failing", headers={"If-None-Match": "*"}).status_code == 404

    def test_to_a_head_has_the_tag_of_the_get(self, client):
        assert client.head("/page").headers["ETag"] == client.get("/page").headers["ETag"]

    @pytest.mark.parametrize("ask", ["/failing", "/nothing"])
    def test_other_than_200_has_none(self, client, ask):
        assert "ETag" not in client.get(ask).headers

    def test_to_a_post_has_none_of_its_own(self, client):
        assert "ETag" not in client.post("/page").headers

    def test_without_a_body_has_no_length(self, client):
        assert "Content-Length" not in client.get("/nothing").headers


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("encoding", ["", "br", "zstd", "gzip"])
def test_any_tag_that_a_get_showed_is_good_for_a_change(api, dee, encoding):
    make_product("one", description="What it does, at length. " * 40)
    url = "/api/platform/products/one"
    shown = api().get(url, headers={"Accept-Encoding": encoding}).headers["ETag"]
    assert shown.endswith(f'-{encoding}"' if encoding else '"')

    changed = api(dee).patch(url, {"name": "New"}, headers={"If-Match": shown})
    stale = api(dee).patch(url, {"name": "Newer"}, headers={"If-Match": shown})

    assert changed.status_code == 200
    assert changed.headers["ETag"].startswith('"2.')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
