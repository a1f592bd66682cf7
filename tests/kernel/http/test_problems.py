"""Refusals as problem+json for programs, as pages for people; never an exception's own text."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.urls import path
from rest_framework.exceptions import ErrorDetail, Throttled, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from softfactory.kernel.http.problems import (
    field_errors,
    handler400,
    handler403,
    handler404,
    handler429,
    handler500,
)
from softfactory.kernel.problems import Conflict, DomainError, InvalidRequest
from tests.makers import make_product

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]

SECRET = "the password is swordfish"
PRODUCTS = "/api/platform/products"


class Late(Conflict):
    retry_after = 7


ERRORS = {
    "bad": SuspiciousOperation(SECRET),
    "denied": PermissionDenied(SECRET),
    "absent": Http404(SECRET),
    "broken": RuntimeError(SECRET),
}
API_ERRORS = {
    "rule": DomainError("too_many_guests", "This chef cooks for 4."),
    "conflict": Late("slot_taken", "Somebody was faster."),
    "shape": InvalidRequest("invalid", "No.", errors=[{"field": "x", "code": "y", "message": "z"}]),
    "fields": ValidationError({"name": [ErrorDetail("Too long.", code="max_length")]}),
    "often": Throttled(wait=2.2),
    "busy": OperationalError(SECRET),
    **ERRORS,
}


def raising(request, name):
    raise ERRORS[name]


class Api(APIView):
    authentication_classes = permission_classes = ()

    def get(self, request, name):
        raise API_ERRORS[name]

    def post(self, request, name):
        return Response(request.data)


def form(request):
    return HttpResponse("sent")


urlpatterns = [
    path("pages/<name>", raising),
    path("api/raw/<name>", raising),
    path("api/<name>", Api.as_view()),
    path("form", form),
    path("api/form/sent", form),
]


@pytest.fixture
def visit(client):
    """Ask as a browser or a program would, errors of ours answered and not raised."""
    client.raise_request_exception = False
    return client


def assert_problem(answer, status, code):
    problem = answer.json()
    assert answer.status_code == problem["status"] == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert problem["code"] == code
    assert problem["type"] == f"/problems/{code}"
    assert problem["title"]
    assert problem["detail"]
    assert problem["request_id"] == answer.headers["X-Request-ID"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "swordfish" not in answer.text
    return problem


@pytest.mark.urls(__name__)
class TestApi:
    @pytest.mark.parametrize(
        ("name", "status", "code"),
        [
            ("rule", 422, "too_many_guests"),
            ("conflict", 409, "slot_taken"),
            ("shape", 400, "invalid"),
            ("fields", 400, "invalid"),
            ("often", 429, "throttled"),
            ("busy", 503, "busy"),
            ("denied", 403, "permission_denied"),
            ("absent", 404, "not_found"),
            ("broken", 500, "error"),
        ],
    )
    def test_what_a_viewset_raises(self, visit, name, status, code):
        assert_problem(visit.get(f"/api/{name}"), status, code)

    @pytest.mark.parametrize(
        ("name", "status", "code"),
        [
            ("bad", 400, "malformed"),
            ("denied", 403, "forbidden"),
            ("absent", 404, "not_found"),
            ("broken", 500, "error"),
        ],
    )
    def test_what_is_raised_outside_of_any_viewset(self, visit, name, status, code):
        assert_problem(visit.get(f"/api/raw/{name}"), status, code)

    def test_an_address_that_is_none(self, visit):
        assert_problem(visit.get("/api/some/where/else"), 404, "not_found")

    def test_a_host_that_is_not_ours(self, visit):
        assert_problem(visit.get("/api/rule", headers={"Host": "evil.test"}), 400, "malformed")

    def test_only_400_has_errors(self, visit):
        assert visit.get("/api/shape").json()["errors"] == [
            {"field": "x", "code": "y", "message": "z"}
        ]
        assert visit.get("/api/fields").json()["errors"] == [
            {"field": "name", "code": "max_length", "message": "Too long."}
        ]
        assert "errors" not in visit.get("/api/rule").json()

    @pytest.mark.parametrize(
        ("name", "seconds"), [("often", "3"), ("busy", "1"), ("conflict", "7")]
    )
    def test_when_to_try_again(self, visit, name, seconds):
        assert visit.get(f"/api/{name}").headers["Retry-After"] == seconds

    def test_a_method_that_is_not_there(self, visit):
        answer = visit.delete("/api/rule")

        assert_problem(answer, 405, "method_not_allowed")
        assert "GET" in answer.headers["Allow"]

    @pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", ""])
    def test_a_body_that_is_not_json(self, visit, kind):
        answer = visit.generic("POST", "/api/rule", "name=x", content_type=kind)

        assert_problem(answer, 415, "unsupported_media_type")

    @pytest.mark.parametrize(
        "body", ["", "{", '{"a":}', "[1,", "nul", '{"a": NaN}', "\xff", '{"a": 1} {"b": 2}']
    )
    def test_a_body_that_is_malformed(self, visit, body):
        answer = visit.generic(
            "POST", "/api/rule", body.encode("latin-1"), content_type="application/json"
        )
        if body == "":
            assert answer.json() == {}
        else:
            assert_problem(answer, 400, "parse_error")

    def test_an_answer_in_a_form_that_we_do_not_have_comes_in_ours(self, visit):
        answer = visit.get("/api/rule", headers={"Accept": "text/html"})

        assert_problem(answer, 422, "too_many_guests")

    def test_a_body_of_2_mb(self, visit):
        answer = visit.post("/api/rule", "x" * 2_000_000, content_type="application/json")

        assert_problem(answer, 413, "too_large")

    def test_a_form_without_its_token(self, client):
        client.handler.enforce_csrf_checks = True

        assert_problem(client.post("/api/form/sent"), 403, "csrf_failed")


@pytest.mark.urls("tests.kernel.http.test_problems")
class TestPages:
    @pytest.mark.parametrize(
        ("name", "status"), [("bad", 400), ("denied", 403), ("absent", 404), ("broken", 500)]
    )
    @pytest.mark.parametrize("cookie", ["", "sessionid=" + "x" * 32])
    def test_an_error_is_a_page_that_asks_the_database_nothing(self, visit, name, status, cookie):
        answer = visit.get(f"/pages/{name}", headers={"Cookie": cookie})

        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "<h1" in answer.text
        assert "swordfish" not in answer.text

    def test_an_error_of_ours_names_the_request(self, visit):
        answer = visit.get("/pages/broken", headers={"X-Request-ID": "mine-7"})

        assert "mine-7" in answer.text

    def test_a_host_that_is_not_ours(self, visit):
        assert visit.get("/pages/absent", headers={"Host": "evil.test"}).status_code == 400

    def test_a_form_without_its_token(self, client):
        client.handler.enforce_csrf_checks = True
        answer = client.post("/form")

        assert answer.status_code == 403
        assert "Reload the page" in answer.text

    def test_too_often(self, rf):
        answer = handler429(rf.get("/"))

        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")


@pytest.mark.parametrize(
    ("detail", "fields"),
    [
        ({"name": ["a", "b"]}, ["name", "name"]),
        ({"non_field_errors": ["a"]}, [""]),
        (["a"], [""]),
        ({"rules": [{}, {"starts_at": ["a"]}]}, ["rules.1.starts_at"]),
        ({"price": {"amount": ["a"], "non_field_errors": ["b"]}}, ["price.amount", "price"]),
        ({"numbers": {3: ["a"]}}, ["numbers.3"]),
    ],
)
def test_nested_errors_become_a_flat_list(detail, fields):
    errors = field_errors(ValidationError(detail).detail)

    assert [error["field"] for error in errors] == fields
    assert all(error.keys() == {"field", "code", "message"} for error in errors)


@pytest.mark.django_db
class TestRealEndpoints:
    @pytest.mark.parametrize("method", ["put", "post", "delete"])
    def test_a_method_that_is_not_there_is_405_whoever_asks(self, api, method):
        make_product("one")
        url = f"{PRODUCTS}/one" if method in {"put", "post"} else PRODUCTS

        assert_problem(getattr(api(), method)(url), 405, "method_not_allowed")

    def test_nobody_is_401_and_told_how_to_be_somebody(self, api):
        answer = api().post(PRODUCTS, {})

        assert_problem(answer, 401, "not_authenticated")
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'

    def test_a_token_that_is_none(self, client):
        answer = client.get("/api/auth/me", headers={"Authorization": "Bearer sf_nonsense"})

        assert_problem(answer, 401, "invalid_token")

    def test_a_scope_that_is_missing(self, api, dee):
        answer = api(dee, scopes=["subscriptions:read"]).post(PRODUCTS, {})

        assert_problem(answer, 403, "scope_missing")

    def test_what_is_staffs(self, api, ana):
        assert_problem(api(ana).post(PRODUCTS, {}), 403, "permission_denied")
