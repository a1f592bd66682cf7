"""What is kept for everybody holds nothing of who asked first, whatever they sent along."""

from wsgiref.util import setup_testing_defaults

import pytest
from django.core.cache import cache

from softfactory.kernel.wsgi import Application
from tests.hostile.callers import OPERATIONS, PAGES
from tests.makers import make_chef, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("still")]

PUBLIC = "public, max-age=0, s-maxage=1, stale-while-revalidate=5"

# All that may be kept; the rest is private.
KEPT = {
    "/",
    "/pricing",
    "/coocook/explore",
    "/coocook/chefs/{pk}",
    "/coocook/chefs/{pk}/reviews",
    "/coocook/fragments/next-free",
    "/coocook/fragments/free-this-week",
    "/api/coocook/chefs",
    "/api/coocook/chefs/{pk}",
    "/api/coocook/chefs/{pk}/policy",
    "/api/coocook/chefs/{pk}/menus",
    "/api/coocook/chefs/{pk}/slots",
    "/api/coocook/chefs/{pk}/reviews",
    "/api/platform/products",
    "/api/platform/products/{slug}",
    "/api/schema",
    "/api/docs",
}
# What is the same until the next release, or for good.
CONSTANT = {
    "/speculation-rules": "public, max-age=86400",
    "/media/{name}": "public, max-age=31536000, immutable",
}
READ = [*PAGES, *(name.split()[1] for name in OPERATIONS if name.startswith("GET"))]

# What a request may say besides its address.
POISONS = [
    {"HTTP_ACCEPT": "application/json; indent=8; charset=utf-16"},
    {"HTTP_ACCEPT": "image/png"},
    {"HTTP_ACCEPT_LANGUAGE": "ko"},
    {"HTTP_COOKIE": "django_language=ko; csrftoken=short; messages=x; sessionid=x; theme=dark"},
    {"HTTP_HX_BOOSTED": "true", "HTTP_HX_TARGET": "x", "HTTP_HX_CURRENT_URL": "http://evil/"},
    {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PROTO": "https"},
    {"HTTP_X_ORIGINAL_URL": "/admin/", "HTTP_X_REWRITE_URL": "/admin/"},
    {"HTTP_X_REQUEST_ID": "evil", "HTTP_SAVE_DATA": "on"},
    {"HTTP_RANGE": "bytes=0-9"},
    {"HTTP_AUTHORIZATION": "Bearer evil"},
]

every_kept = pytest.mark.parametrize("address", sorted(KEPT))


def test_only_what_is_public_may_be_kept(browse, ana, at):
    browser = browse(ana)

    for address in READ:
        answer = browser.get(at(address))

        allowed = PUBLIC if address in KEPT else CONSTANT.get(address, "private, no-store")
        assert answer.headers["Cache-Control"] == allowed, address
        if address in KEPT:
            assert not answer.cookies
            assert "Cookie" not in answer.headers["Vary"]


@every_kept
def test_what_one_was_shown_is_what_others_are_shown(address, browse, api, ana, cho, dee, at):
    first = browse(ana).get(at(address))  # made for Ana, and kept

    for other in (browse(cho), browse(dee), browse(None), api(ana), api()):
        assert other.get(at(address)).content == first.content
    cache.clear()
    assert browse(None).get(at(address)).content == first.content
    for personal in (ana.email, ana.name, "csrfmiddlewaretoken", "/accounts/logout"):
        assert personal not in first.text


@every_kept
def test_who_asks_first_decides_nothing(address, browse, at):
    path = at(address)
    clean = browse(None).get(path)

    for poison in POISONS:
        cache.clear()
        poisoned, after = browse(None).get(path, **poison), browse(None).get(path)

        assert poisoned.content == after.content == clean.content
        # A browser may be told to forget a cookie that is none; that answer is its own then.
        assert not poisoned.cookies or poisoned.headers["Cache-Control"] == "private, no-store"
        assert not after.cookies
        for name in ("Content-Type", "Content-Language", "ETag", "Vary", "Cache-Control"):
            assert after.headers[name] == clean.headers[name], (name, poison)


@pytest.fixture
def serve():
    """`serve(path, query, **environ)` is what a server would be answered: status and body."""
    application = Application()

    def serve(path, query, **environ):
        environ |= {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "testserver"}
        setup_testing_defaults(environ)
        begun = []
        body = application(environ, lambda *line: begun.append(line))
        return begun[0][0], b"".join(body)

    return serve


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "base64", "undefined", "idna"])
def test_an_address_means_the_same_in_every_charset(chef, serve, charset):
    # A plus sign and letters to everybody; "<" to who speaks UTF-7.
    address = "/coocook/explore", "q=%2BADw-"

    poisoned = serve(*address, CONTENT_TYPE=f"text/plain; charset={charset}")

    assert poisoned == serve(*address)
    assert poisoned[0] == "200 OK"
    assert b"+ADw-" in poisoned[1]


def test_each_host_has_answers_of_its_own(client):
    for _n in range(3):
        make_chef(make_user())

    pages = {
        host: client.get("/api/coocook/chefs?limit=1", HTTP_HOST=host)
        for host in ("testserver", "localhost", "localhost:8443")
    }

    for host, page in pages.items():
        assert page.json()["next"].startswith(f"http://{host}/api/")


def test_a_refusal_is_kept_for_nobody(client, db):
    for path in ("/api/coocook/chefs/999", "/api/coocook/chefs?limit=0", "/coocook/chefs/999"):
        answer = client.get(path)
        assert answer.status_code >= 400
        assert answer.headers["Cache-Control"] == "private, no-store"
