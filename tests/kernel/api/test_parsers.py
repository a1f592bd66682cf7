"""Bodies are JSON in UTF-8, whatever they claim to be."""

import json

import pytest
from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView

pytestmark = pytest.mark.urls(__name__)


class Echo(APIView):
    authentication_classes = permission_classes = ()

    def post(self, request):
        return Response({"got": request.data})


urlpatterns = [path("api/echo", Echo.as_view())]


def post(client, body, content_type="application/json"):
    return client.generic("POST", "/api/echo", body, content_type=content_type)


@pytest.mark.parametrize("value", [{"name": "김치"}, [1, 2.5, None, True], "text", 10**30])
def test_json_comes_in_as_it_is(client, value):
    assert post(client, json.dumps(value)).json() == {"got": value}


@pytest.mark.parametrize("charset", ["utf-8", "latin-1", "utf-16", "rot13", "zlib", "nonsense"])
def test_it_is_utf_8_whatever_charset_is_claimed(client, charset):
    answer = post(client, '{"name": "김치"}', f"application/json; charset={charset}")

    assert answer.json() == {"got": {"name": "김치"}}


@pytest.mark.parametrize(
    "body",
    [
        "{'name': 1}",
        '{"name": NaN}',
        '{"name": -Infinity}',
        '{"name": 1',
        "[" * 100_000,
        '{"a":' * 100_000,
        "1" * 5_000,
        b"\xff\xfe",
        '{"name": "김치"}'.encode("utf-16"),
        "\ufeff{}",
    ],
    ids=lambda body: repr(body[:12]),
)
def test_what_is_not_json_is_refused_without_details(client, body):
    answer = post(client, body)

    assert answer.status_code == 400
    assert answer.json()["code"] == "parse_error"
    assert answer.json()["detail"] in {
        "The body is not JSON. Check its brackets and quotes.",
        "The body is nested too deeply.",
    }
