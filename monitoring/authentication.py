"""Who may look inside besides staff: a program with the metrics token; in a demo, this machine."""

import hmac
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from softfactory.kernel.http.addresses import client_address


class Watcher(AnonymousUser):
    """Nobody in particular, who may read what staff may."""

    is_staff = True

    @property
    def is_authenticated(self) -> bool:  # type: ignore[override]
        return True


class WatcherAuthentication(BaseAuthentication):
    """`Authorization: Bearer <METRICS_TOKEN>`; in a demo, whoever asks from this machine."""

    def authenticate(self, request: Request) -> tuple[Watcher, Any] | None:
        is_known = _shows_the_token(request) or (settings.DEMO and _asks_from_here(request))
        return (Watcher(), None) if is_known else None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def _shows_the_token(request: Request) -> bool:
    scheme, _space, shown = request.headers.get("Authorization", "").partition(" ")
    expected = settings.METRICS_TOKEN
    if not expected or scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(shown.strip().encode(), expected.encode())


def _asks_from_here(request: Request) -> bool:
    """Whether the other end is this machine, and no proxy that hides who asks."""
    if "Authorization" in request.headers:
        return False
    if "X-Forwarded-For" in request.headers and not settings.TRUSTED_PROXIES:
        return False
    address = client_address(request)
    return bool(address) and ip_address(address).is_loopback
