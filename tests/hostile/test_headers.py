"""Headers that no client should send: each answer is an ordinary one, and repeats none of it."""

import re

import pytest
from django.http import HttpResponse

from tests.bookings.answers import problem

ADDRESSES = [
    "/",
    "/coocook/explore",
    "/coocook/chefs/{pk}",
    "/account",
    "/accounts/login",
    "/fragments/account-menu",
    "/nowhere",
    "/api/coocook/chefs",
    "/api/coocook/chefs/{pk}",
    "/api/auth/me",
    "/api/nowhere",
]

# Octal escapes in quotes are how a cookie holds a NUL.
NULS = '"' + r"\000" * 32 + '"'

ODD_HEADERS = [
    ("Accept", ""),
    ("Accept", ";;;"),
    ("Accept", "a/b/c"),
    ("Accept", "text/html;q=nan"),
    ("Accept", "application/json; charset=utf-16; indent=8"),
    ("Accept-Encoding", "br;q=9, ,;;, gzip;q, *;q=0"),
    ("Accept-Encoding", "x" * 8_000),
    ("Accept-Language", "x" * 8_000),
    ("Authorization", "Bearer"),
    ("Authorization", "Bearer a b c"),
    ("Authorization", "Bearer " + "x" * 7_000),
    ("Authorization", "Bearer \xff\xfe"),
    ("Authorization", "Basic YW5hOnB3"),
    ("Authorization", "\x00"),
    ("Cookie", "=;;==;"),
    ("Cookie", "csrftoken=short"),
    ("Cookie", "csrftoken=" + "x" * 7_000),
    ("Cookie", f"csrftoken={NULS}"),
    ("Cookie", "sessionid=guessed-and-wrong"),
    ("Cookie", "sessionid=" + "x" * 7_000),
    ("Cookie", f"sessionid={NULS}"),
    ("Cookie", "messages=garbage"),
    ("Content-Type", "multipart/form-data; boundary="),
    ("Expect", "100-continue"),
    ("HX-Request", "true"),
    ("HX-Current-URL", "http://[::1"),
    ("HX-Current-URL", "http://testserver//evil.example/"),
    ("If-Match", '"1'),
    ("If-Modified-Since", "Thu, 01 Jan 0000 00:00:00 GMT"),
    ("If-None-Match", "W/"),
    ("If-None-Match", '"' * 4_001),
    ("If-None-Match", ", ".join(f'"{n}"' for n in range(1_000))),
    ("If-None-Match", "*"),
    ("Origin", "null"),
    ("Range", "bytes=9-1"),
    ("Transfer-Encoding", "chunked"),
    ("Upgrade", "websocket"),
    ("X-Forwarded-For", "nonsense, 127.0.0.1"),
    ("X-Forwarded-Host", "evil.example"),
    ("X-Forwarded-Proto", "gopher"),
]

WRONG_HOSTS = [
    "",
    "evil.example",
    "testserver.evil.example",
    "localhost:80:90",
    "localhost@evil.example",
    "localhost/evil",
    "[::1",
    "\xff",
]


@pytest.fixture
def visit(client, at):
    """Ask as a server would, which answers its own errors."""
    client.raise_request_exception = False

    def visit(address: str, **values: object) -> HttpResponse:
        return client.get(f"{at(address)}?q=%C3%A9", **values)

    return visit


@pytest.mark.parametrize(
    ("name", "value"), ODD_HEADERS, ids=[f"{name}: {value[:40]!r}" for name, value in ODD_HEADERS]
)
def test_an_odd_header(visit, name, value):
    environ = "CONTENT_TYPE" if name == "Content-Type" else f"HTTP_{name.upper().replace('-', '_')}"

    for address in ADDRESSES:
        answer = visit(address, **{environ: value})

        assert answer.status_code in {200, 302, 304, 400, 401, 404}, address
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "evil.example" not in str(answer.headers)
        if answer.status_code >= 400 and address.startswith("/api/"):
            assert problem(answer)[0] == answer.status_code


@pytest.mark.parametrize("host", WRONG_HOSTS)
@pytest.mark.parametrize("address", ["/", "/api/coocook/chefs", "/api/health", "/nowhere"])
def test_a_host_that_is_not_ours(visit, host, address):
    answer = visit(address, HTTP_HOST=host)

    assert answer.status_code == 400
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "evil" not in answer.text
    if address.startswith("/api/"):
        assert problem(answer) == (400, "malformed")


@pytest.mark.parametrize("length", ["9" * 5_000, "10000000", "00000000010000000"])
@pytest.mark.parametrize("address", ["/accounts/login", "/api/coocook/bookings"])
def test_a_length_beyond_measure(visit, address, length):
    assert visit(address, CONTENT_LENGTH=length).status_code == 413


@pytest.mark.parametrize("length", ["-1", "many", "1.5", "²"])
def test_a_length_that_is_none(visit, length):
    assert visit("/accounts/login", CONTENT_LENGTH=length).status_code == 200


@pytest.mark.parametrize(
    "offered", ["a\r\nSet-Cookie: a=b", "a\nb", "a b", "\x00", "é", "", "x" * 101, "<script>"]
)
def test_a_request_id_that_is_none_is_replaced(visit, offered):
    answer = visit("/api/nowhere", HTTP_X_REQUEST_ID=offered)

    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])
    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]
    assert not answer.cookies


@pytest.mark.parametrize(
    "key", ["", '""', '"', "a\r\nX: y", "é", "a b", "\x00", "x" * 256, '"' + "x" * 256 + '"']
)
def test_an_idempotency_key_that_is_none(api, ana, chef, key):
    answer = api(ana).post("/api/coocook/bookings", {"chef_id": chef.pk}, HTTP_IDEMPOTENCY_KEY=key)

    assert problem(answer) == (400, "idempotency_key_invalid")


@pytest.mark.parametrize(
    "tag", ["", '"', "1", '"1"', '"1.', 'W/"1.abc"', '"-1.a"', '"1e3.a"', '"' + "9" * 4_000 + '.a"']
)
def test_an_if_match_that_names_no_version(api, ben, chef, tag):
    answer = api(ben).patch(f"/api/coocook/chefs/{chef.pk}", {"name": "Nari"}, HTTP_IF_MATCH=tag)

    assert problem(answer) == (412, "stale_version")
