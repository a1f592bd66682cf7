"""What a page needs on which Stripe.js runs: its address, our key, and a policy that lets it."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

# Stripe.js comes in releases that are named as those of the API are.
SCRIPT = "https://js.stripe.com/endive/stripe.js"
SCRIPTS = ["https://js.stripe.com", "https://*.js.stripe.com"]

# https://docs.stripe.com/security/guide#content-security-policy
POLICY = settings.SECURE_CSP | {
    "script-src": [CSP.SELF, *SCRIPTS],
    "frame-src": [*SCRIPTS, "https://hooks.stripe.com"],
    "connect-src": [CSP.SELF, "https://api.stripe.com"],
    "img-src": [*settings.SECURE_CSP["img-src"], "https://*.stripe.com"],
}


def with_stripe_js(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let Stripe.js run on a page, on a site that takes cards by Stripe."""
    widened = csp_override(POLICY)(view)

    @wraps(view)
    def show(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = widened if settings.STRIPE_SECRET_KEY else view
        return chosen(request, *args, **kwargs)

    return show


def page_context() -> dict[str, Any]:
    """Return what the template of such a page needs."""
    return {
        "stripe": {"script": SCRIPT, "key": settings.STRIPE_PUBLISHABLE_KEY},
        "attempt": secrets.token_hex(8),
    }
