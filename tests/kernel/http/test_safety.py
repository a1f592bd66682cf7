"""The headers that keep an answer safe are those that Django's own middlewares say."""

import pytest
from django.http import HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override

from softfactory.kernel.http.safety import DJANGOS, SafetyHeadersMiddleware

VIEWS = {
    "usual": lambda request: HttpResponse(),
    "with its own header": lambda request: HttpResponse(headers={"X-Frame-Options": "SAMEORIGIN"}),
    "with its own policy": csp_override({"default-src": ["'self'"]})(
        lambda request: HttpResponse()
    ),
    "without a policy": csp_override({})(lambda request: HttpResponse()),
    "to be framed": xframe_options_exempt(lambda request: HttpResponse()),
}


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_they_are_djangos(rf, settings, view, scheme):
    settings.SECURE_HSTS_SECONDS = 60
    django = view
    for middleware in DJANGOS:
        django = middleware(django)
    request = rf.get("/", headers={"X-Forwarded-Proto": scheme})
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    theirs = django(request).headers
    ours = SafetyHeadersMiddleware(view)(request).headers

    assert dict(ours) == dict(theirs)
    assert ("Strict-Transport-Security" in ours) is (scheme == "https")
