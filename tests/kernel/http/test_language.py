"""The address says the language; nothing else does."""

import pytest
from django.http import HttpResponse
from django.urls import re_path
from django.utils.translation import get_language


def language(request):
    return HttpResponse(f"{get_language()} {request.LANGUAGE_CODE}")


urlpatterns = [re_path("", language)]

pytestmark = pytest.mark.urls(__name__)


@pytest.mark.parametrize(
    ("url", "expected"),
    [("/", "en"), ("/ko/", "ko"), ("/ko/coocook", "ko"), ("/korea", "en"), ("/api/ko/", "en")],
)
def test_language_of_a_path(client, url, expected):
    answer = client.get(url, headers={"Accept-Language": "ko", "Cookie": "django_language=ko"})

    assert answer.text == f"{expected} {expected}"
    assert answer.headers["Content-Language"] == expected
    assert "language" not in answer.headers["Vary"].lower()


def test_one_requests_language_is_not_the_next_ones(client):
    before = get_language()
    client.get("/ko/")

    assert get_language() == before
    assert client.get("/").text == "en en"
