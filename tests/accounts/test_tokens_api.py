"""One's tokens through the API: list, show, revoke; and who one is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from softfactory.accounts.models import SCOPES, ApiToken
from softfactory.kernel import clock
from tests.bookings.answers import problem
from tests.makers import make_token

TOKENS = "/api/auth/tokens"
ME = "/api/auth/me"


def token_of(user, **values):
    text = make_token(user, **values)
    return ApiToken.objects.get(digest=ApiToken.digest_of(text)), text


@pytest.mark.parametrize("url", [TOKENS, f"{TOKENS}/1", ME])
def test_who_is_not_known_is_told_to_be(db, api, url):
    response = api().get(url)

    assert problem(response)[0] == 401
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("text", ["sf_unknown", "", "sf_" + "é" * 20, "x" * 10_000])
def test_an_unknown_token_is_no_token(db, api, text):
    client = api()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")

    assert problem(client.get(ME)) == (401, "invalid_token")


def test_a_list_is_ones_own_newest_first_by_cursor(api, ana, cho):
    now = clock.now()
    make_token(cho, name="of Cho")
    for age in (3, 2, 1):
        make_token(ana, name=f"{age} days old", created_at=now - timedelta(days=age))
    client = api(ana, name="this", created_at=now - timedelta(days=9))

    page = client.get(TOKENS, {"limit": 2}).json()
    rest = client.get(page["next"]).json()

    names = [row["name"] for row in page["results"] + rest["results"]]
    assert names == ["1 days old", "2 days old", "3 days old", "this"]
    assert rest["next"] is None


def test_a_list_refuses_what_it_does_not_know(api, ana):
    assert problem(api(ana).get(TOKENS, {"user": ana.pk}))[0] == 400


def test_a_token_is_shown_with_a_tag_that_follows_its_use(api, ana):
    token, _text = token_of(ana, name="Mine")
    client = api(ana)
    url = f"{TOKENS}/{token.pk}"

    shown = client.get(url)

    assert shown.json()["name"] == "Mine"
    assert "token" not in shown.json()
    assert "digest" not in shown.json()
    assert client.get(url, headers={"If-None-Match": shown["ETag"]}).status_code == 304
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=clock.now() + timedelta(hours=1))
    assert client.get(url, headers={"If-None-Match": shown["ETag"]}).status_code == 200


def test_a_strangers_token_looks_absent(api, ana, cho):
    token, _text = token_of(ana)
    client = api(cho)

    assert problem(client.get(f"{TOKENS}/{token.pk}")) == (404, "not_found")
    assert problem(client.delete(f"{TOKENS}/{token.pk}")) == (404, "not_found")
    token.refresh_from_db()
    assert token.revoked_at is None


def test_a_revoked_token_stops_at_once_and_is_gone(api, ana):
    token, text = token_of(ana)
    other = api()
    other.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    assert other.get(ME).status_code == 200
    client = api(ana)

    response = client.delete(f"{TOKENS}/{token.pk}")

    assert response.status_code == 204
    assert problem(other.get(ME)) == (401, "invalid_token")
    assert problem(client.get(f"{TOKENS}/{token.pk}")) == (404, "not_found")
    assert problem(client.delete(f"{TOKENS}/{token.pk}")) == (404, "not_found")


def test_a_token_may_revoke_itself(ana, api):
    token, text = token_of(ana)
    client = api()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")

    assert client.delete(f"{TOKENS}/{token.pk}").status_code == 204
    assert client.delete(f"{TOKENS}/{token.pk}").status_code == 401


def test_revoking_heeds_if_match(api, ana):
    token, _text = token_of(ana)
    client = api(ana)
    url = f"{TOKENS}/{token.pk}"

    assert problem(client.delete(url, headers={"If-Match": '"7.0"'})) == (412, "stale_version")
    etag = client.get(url)["ETag"]
    assert client.delete(url, headers={"If-Match": etag}).status_code == 204


def test_who_was_shut_out_is_out_with_every_token(api, ana):
    client = api(ana)
    ana.is_active = False
    ana.save()

    assert problem(client.get(ME)) == (401, "invalid_token")


def test_a_token_needs_the_scope_of_accounts(api, ana):
    reader, stranger = api(ana, scopes=["accounts:read"]), api(ana, scopes=["bookings:read"])
    token, _text = token_of(ana)

    assert reader.get(TOKENS).status_code == 200
    assert problem(reader.delete(f"{TOKENS}/{token.pk}")) == (403, "scope_missing")
    assert problem(stranger.get(ME)) == (403, "scope_missing")


def test_me_is_whoever_calls(api, ana, browse):
    by_token = api(ana, scopes=["accounts:read"]).get(ME).json()
    by_session = browse(ana).get(ME).json()

    assert by_token.pop("created_at").endswith("Z")
    assert by_token == {
        "id": ana.pk,
        "email": "ana@example.test",
        "name": "Ana",
        "language": "en",
        "timezone": "Asia/Seoul",
        "is_staff": False,
        "scopes": ["accounts:read"],
    }
    assert set(by_session["scopes"]) == {s for s in SCOPES if not s.startswith("monitoring")}


def test_the_last_use_is_kept_to_the_hour(api, ana):
    an_hour_ago = clock.now() - timedelta(minutes=61)
    token, text = token_of(ana, last_used_at=an_hour_ago)
    client = api()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")

    client.get(ME)

    token.refresh_from_db()
    assert clock.now() - token.last_used_at < timedelta(minutes=1)
    with CaptureQueriesContext(connection) as queries:
        client.get(ME)
    assert len(queries) == 1


def test_queries_do_not_grow_with_the_rows(api, ana):
    client = api(ana)
    for _n in range(30):
        make_token(ana)

    with CaptureQueriesContext(connection) as queries:
        page = client.get(TOKENS, {"limit": 30}).json()

    assert len(page["results"]) == 30
    assert len(queries) == 2
