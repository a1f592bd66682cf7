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

from softfactory.kernel.assets import asset_url
from tests.load.stand import PATH, nginx_command
from tests.makers import make_chef
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


def test_keeps_nothing(ask):
    chef = make_chef(name="Before")
    path = f"/api/coocook/chefs/{chef.pk}"
    assert b"Before" in ask("GET", path)[2]
    chef.name = "After"
    chef.save()
    assert b"After" in ask("GET", path)[2]


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
