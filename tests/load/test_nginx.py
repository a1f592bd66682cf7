"""The nginx that is shipped, in front of the site: what it serves, hands on, and leaves alone."""

import gzip
import http.client
import re
import shutil
import socket
import subprocess
import time
from ipaddress import ip_network
from urllib.parse import urlsplit

import pytest

from bookings.models import Chef
from monitoring.routes import endpoints
from softfactory.kernel.assets import asset_url
from softfactory.kernel.http import caching
from softfactory.kernel.http.caching import groups_in
from softfactory.kernel.requests import WHOLE
from tests.load.stand import PATH, SHIPPED, nginx_command
from tests.makers import make_chef, make_token
from tests.site import free_port

NGINX = shutil.which("nginx", path=PATH)
GIVE_UP = 30  # seconds
STRANGER = ("127.0.0.2", 0)  # of this machine, but not the trusted address

pytestmark = [
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def ask(tmp_path, live_server, settings):
    """`ask("GET", path, **headers)` through nginx; returns status, headers and body."""
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    port, upstream = free_port(), urlsplit(live_server.url).port
    command = nginx_command(NGINX, tmp_path / "nginx", port=port, upstream=upstream)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as nginx:
        try:
            wait_for(port, nginx)
            yield lambda *sent, **headers: asked(port, *sent, headers=headers)
        finally:
            nginx.terminate()


def wait_for(port, nginx):
    deadline = time.monotonic() + GIVE_UP
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if nginx.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def asked(port, method, path, body=None, *, headers):
    connection = http.client.HTTPConnection(
        "127.0.0.1", port, timeout=GIVE_UP, source_address=STRANGER
    )
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def test_serves_hashed_files_by_itself_compressed_and_for_good(ask):
    status, headers, body = ask("GET", asset_url("app.css"), Accept_Encoding="gzip")
    assert status == 200
    assert headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Content-Type"] == "text/css; charset=utf-8"
    assert "X-Request-ID" not in headers  # the site was not asked
    assert b"{" in gzip.decompress(body)


def test_leaves_other_files_to_the_site(ask):
    status, headers, _body = ask("GET", "/static/brand/favicon.svg")
    assert status == 200
    assert "immutable" not in headers.get("Cache-Control", "")


def test_does_not_touch_tags_and_encodings(ask):
    path = f"/api/coocook/chefs/{make_chef(bio='Long. ' * 200).pk}"
    _status, headers, _body = ask("GET", path, Accept_Encoding="br")
    assert headers["Content-Encoding"] == "br"
    assert re.fullmatch(r'"\d+\.\w+-br"', headers["ETag"])
    status, again, body = ask("GET", path, Accept_Encoding="br", If_None_Match=headers["ETag"])
    assert (status, again["ETag"], body) == (304, headers["ETag"], b"")


@pytest.fixture
def kept_for(monkeypatch):
    """`kept_for(3600, 0)`: public answers ask for so many seconds, and so many while asked anew."""

    def kept_for(seconds, stale):
        public = f"public, max-age=0, s-maxage={seconds}, stale-while-revalidate={stale}"
        monkeypatch.setattr(caching, "PUBLIC", public)

    return kept_for


@pytest.fixture
def path(kept_for):
    """The address of a chef, which is kept as long as a test needs, and is called Before."""
    kept_for(3600, 0)
    chef = make_chef(name="Before", bio="Long. " * 200)
    return f"/api/coocook/chefs/{chef.pk}"


def rename():
    Chef.objects.update(name="After")


def test_keeps_public_answers_one_for_each_encoding(ask, path):
    spellings = {
        "br": ("br", "gzip, deflate, br, zstd", "BR"),
        "zstd": ("zstd", "gzip,zstd"),
        "gzip": ("gzip, deflate", "gzip"),
        None: ("", "identity", "deflate"),
    }
    for encoding, accepted in spellings.items():
        seen = []
        for spelling in accepted:
            _status, headers, body = ask("GET", path, Accept_Encoding=spelling)
            assert headers["Content-Encoding"] == encoding
            seen.append((headers["X-Cache"], body))
        assert [cache for cache, _body in seen] == ["MISS"] + ["HIT"] * (len(seen) - 1)
        assert len({body for _cache, body in seen}) == 1


def test_leaves_weighted_encodings_to_the_site(ask, path):
    ask("GET", path, Accept_Encoding="br")
    _status, headers, _body = ask("GET", path, Accept_Encoding="br;q=0, gzip;q=0.5")
    assert (headers["Content-Encoding"], headers["X-Cache"]) == ("gzip", None)


@pytest.mark.parametrize(
    "personal",
    [
        {"Authorization": "Bearer sf_mine"},
        {"Cookie": "theme=dark; sessionid=mine"},
        {"Content_Length": "0"},
    ],
)
def test_asks_the_site_for_who_shows_credentials(ask, path, personal):
    for name, sent in (("Before", personal), ("Before", {}), ("Before", {})):
        assert name.encode() in ask("GET", path, **sent)[2]
    rename()
    assert b"Before" in ask("GET", path)[2]  # as kept
    _status, headers, body = ask("GET", path, **personal)
    assert (b"After" in body, headers["X-Cache"]) == (True, None)
    assert b"Before" in ask("GET", path)[2]  # and left alone


def test_never_keeps_what_is_somebodys(ask, ana):
    token = {"Authorization": f"Bearer {make_token(ana)}"}
    for mine in ("/api/auth/me", "/api/coocook/bookings"):
        assert ask("GET", mine, **token)[0] == 200
        status, headers, _body = ask("GET", mine)
        assert (status, headers["X-Cache"]) == (401, None)


def test_never_keeps_an_answer_with_a_cookie(ask, path, monkeypatch):
    """Not even if the site called it public: who is shown it next would be somebody else."""
    finish = caching._public

    def with_cookie(response, *args):
        response = finish(response, *args)
        response.headers["Set-Cookie"] = "sessionid=anas"
        return response

    monkeypatch.setattr(caching, "_public", with_cookie)
    assert ask("GET", path)[1]["Set-Cookie"] == "sessionid=anas"
    assert ask("GET", path)[1]["X-Cache"] == "MISS"


def test_hosts_are_apart_and_strangers_leave_nothing(ask, path):
    for host, status, cache in (
        ("evil.example", 400, "MISS"),
        ("127.0.0.1", 200, "MISS"),
        ("localhost", 200, "MISS"),
        ("localhost", 200, "HIT"),
        ("localhost:81", 200, "MISS"),
        ("evil.example", 400, "MISS"),
    ):
        answered, headers, _body = ask("GET", path, Host=host)
        assert (answered, headers["X-Cache"] or "MISS") == (status, cache)


def test_what_is_kept_has_the_id_of_who_asks(ask, path):
    assert ask("GET", path, X_Request_ID="first")[1]["X-Request-ID"] == "first"
    _status, headers, _body = ask("GET", path, X_Request_ID="second")
    assert (headers["X-Cache"], headers.get_all("X-Request-ID")) == ("HIT", ["second"])
    assert re.fullmatch(r"[0-9a-f]{32}", ask("GET", path)[1]["X-Request-ID"])
    odd = ask("GET", path, X_Request_ID="no id; at all")[1]["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", odd)


def test_head_and_304_come_from_what_is_kept(ask, path):
    _status, full, body = ask("GET", path, Accept_Encoding="br")
    status, head, nothing = ask("HEAD", path, Accept_Encoding="br")
    assert (status, head["X-Cache"], nothing) == (200, "HIT", b"")
    assert head["Content-Length"] == str(len(body))
    status, known, _body = ask("GET", path, Accept_Encoding="br", If_None_Match=full["ETag"])
    assert (status, known["X-Cache"], known["ETag"]) == (304, "HIT", full["ETag"])


def test_parts_and_pages_are_apart(ask, path):
    page = ask("GET", "/coocook/explore")[1]
    part = ask("GET", "/coocook/explore", HX_Request="true")[1]
    assert (page["X-Cache"], part["X-Cache"]) == ("MISS", "MISS")
    assert page["ETag"] != part["ETag"]


def test_what_is_over_is_asked_for_anew(ask, path, kept_for):
    kept_for(1, 0)
    assert b"Before" in ask("GET", path)[2]
    rename()
    time.sleep(2)
    assert b"After" in ask("GET", path)[2]


def test_meanwhile_the_old_one_serves_as_long_as_it_may(ask, path, kept_for):
    kept_for(1, 3600)
    assert b"Before" in ask("GET", path)[2]
    rename()
    time.sleep(2)
    _status, headers, body = ask("GET", path)
    assert (b"Before" in body, headers["X-Cache"]) == (True, "STALE")
    deadline = time.monotonic() + GIVE_UP
    while b"After" not in ask("GET", path)[2]:
        assert time.monotonic() < deadline


def test_errors_and_what_watches_the_site_are_never_kept(ask, path):
    for other, expected in (("/api/health", 200), (f"{path}?nonsense=1", 400), ("/metrics", 401)):
        for _time in range(2):
            status, headers, _body = ask("GET", other)
            assert (status, headers["X-Cache"] in {None, "MISS"}) == (expected, True)


def test_knows_the_addresses_of_all_cached_reads_and_no_others():
    patterns = re.findall(r'"~(\^\S+)" +softfactory;', SHIPPED.read_text())
    views = {route: view for route, view in endpoints() if route not in WHOLE.values()}
    kept = {route for route, view in views.items() if is_cached(view)}
    named = {
        route
        for route in views
        if any(re.search(pattern, re.sub(r"{\w+}", "7", route)) for pattern in patterns)
    }
    assert named == kept


def is_cached(view):
    """Whether somebody who asks without credentials may be answered by a cached read."""
    if not (viewset := getattr(view, "cls", None)):
        return view.__module__ in groups_in
    action = getattr(view, "actions", {}).get("get")
    return viewset.__module__ in groups_in and action in viewset.public_actions


def test_hands_on_the_callers_request_id_or_makes_one(ask):
    assert ask("GET", "/api/health", X_Request_ID="mine-1")[1]["X-Request-ID"] == "mine-1"
    assert re.fullmatch(r"[0-9a-f]{32}", ask("GET", "/api/health")[1]["X-Request-ID"])


def test_says_which_address_asks_whatever_the_client_claims(ask, limits_on):
    body = b'{"email": "nobody@example.test", "password": "wrong"}'

    def left(claimed):
        sent = {"Content_Type": "application/json", "X_Forwarded_For": claimed}
        return int(ask("POST", "/api/auth/tokens", body, **sent)[1]["RateLimit-Remaining"])

    assert left("192.0.2.1") - left("192.0.2.2") == 1


def test_lets_the_site_say_that_a_body_is_too_large(ask):
    sent = {"Content_Type": "application/json"}
    status, headers, _body = ask("POST", "/api/auth/tokens", b" " * 1_000_001, **sent)
    assert status == 413
    assert headers["Content-Type"] == "application/problem+json"
    status, headers, _body = ask("POST", "/api/auth/tokens", b" " * 1_100_000, **sent)
    assert (status, headers["Server"]) == (413, "nginx")
