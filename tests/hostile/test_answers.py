"""What every answer carries, whoever made it: a view, a refusal, a middleware, an error of ours."""

import pytest

from softfactory.kernel.assets import asset_url

CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def get(client, at):
    return client.get(at("/api/coocook/chefs/{pk}"))


def page(client, at):
    return client.get(at("/coocook/chefs/{pk}"))


def not_modified(client, at):
    return client.get("/accounts/login", headers={"If-None-Match": "*"})


def redirect(client, at):
    return client.get("/account")


def static(client, at):
    answer = client.get(asset_url("app.css"))
    answer.close()
    return answer


def malformed(client, at):
    return client.get("/", HTTP_HOST="evil.example")


def unauthorized(client, at):
    return client.get("/api/auth/me")


def forged(client, at):
    client.handler.enforce_csrf_checks = True
    return client.post("/accounts/login")


def absent(client, at):
    return client.get("/nowhere")


def not_allowed(client, at):
    return client.delete("/")


def too_large(client, at):
    return client.post("/api/auth/tokens", "x" * 2_000_000, content_type="application/json")


def admin(client, at):
    return client.get("/admin/")


def options(client, at):
    return client.options("/api/coocook/chefs")


ANSWERS = [
    (get, 200),
    (page, 200),
    (not_modified, 304),
    (redirect, 302),
    (static, 200),
    (malformed, 400),
    (unauthorized, 401),
    (forged, 403),
    (absent, 404),
    (not_allowed, 405),
    (too_large, 413),
    (admin, 302),
    (options, 200),
]


def check(answer):
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert set(answer.headers["Content-Security-Policy"].split("; ")) == CSP
    assert not {"Server", "X-Powered-By"} & answer.headers.keys()


@pytest.mark.parametrize(("ask", "status"), ANSWERS)
def test_every_answer_is_guarded(ask, status, client, at):
    answer = ask(client, at)

    assert answer.status_code == status
    check(answer)


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/coocook/chefs/{pk}", "bookings.views.chef.render_once"),
        ("/api/coocook/chefs/{pk}", "bookings.models.Chef.objects.active"),
    ],
)
def test_an_error_of_ours_is_guarded_and_tells_nothing(client, chef, monkeypatch, path, part):
    def broken(*args, **kwargs):
        raise RuntimeError("the password is swordfish")

    monkeypatch.setattr(part, broken)
    client.raise_request_exception = False

    answer = client.get(path.format(pk=chef.pk))

    assert answer.status_code == 500
    check(answer)
    assert "swordfish" not in answer.text
    assert "Traceback" not in answer.text


def test_a_limit_is_guarded(client, limits_on, settings):
    for _n in range(21):
        answer = client.post("/accounts/signup", {})

    assert answer.status_code == 429
    check(answer)


def test_behind_tls_browsers_are_told_to_stay_there(client, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    answer = client.get("/api/health", HTTP_X_FORWARDED_PROTO="https")

    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
