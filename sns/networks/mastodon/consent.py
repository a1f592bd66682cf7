"""Being let in on a Mastodon server: we register, its user agrees, a code opens the account."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from sns.networks.answers import answered, document_of, said, words
from sns.networks.calls import Body, Server
from sns.networks.protocol import Consent, NetworkRefused

SCOPES: Final = "read:accounts read:statuses write:media write:statuses"
OUT_OF_BAND: Final = "urn:ietf:wg:oauth:2.0:oob"  # the server shows the code, to be copied


def begin(server: Server, *, redirect_uri: str, state: str) -> Consent:
    """Register with the server and return the page on which its user agrees."""
    back = redirect_uri or OUT_OF_BAND
    form = {
        "client_name": "SoftFactory",
        "redirect_uris": back,
        "scopes": SCOPES,
        "website": settings.SITE_URL,
    }
    reply = server.write("POST", "/api/v1/apps", Body.of_form(form), is_harmless=True)
    told = document_of(reply)
    client_id, client_secret = words(told.get("client_id")), words(told.get("client_secret"))
    if not client_id or not client_secret:
        raise NetworkRefused("wrong_server", said(reply), answered=answered(reply))
    kept = {
        "client_id": client_id,
        "client_secret": client_secret,
        "redirect_uri": back,
    }
    asked = {
        "response_type": "code",
        "client_id": kept["client_id"],
        "redirect_uri": back,
        "scope": SCOPES,
        "state": state,
    }
    return Consent(f"{server.address}/oauth/authorize?{urlencode(asked)}", kept)


def token_for(server: Server, credentials: Mapping[str, str]) -> str:
    """Return the token for a code, or the one that somebody made and brought along."""
    if token := credentials.get("access_token", "").strip():
        return token
    if not credentials.get("code", "").strip() or not credentials.get("client_id"):
        raise NetworkRefused("wrong_credentials", _("The code is missing. Ask for a new one."))
    form = {
        "grant_type": "authorization_code",
        "code": credentials["code"].strip(),
        "client_id": credentials["client_id"],
        "client_secret": credentials.get("client_secret", ""),
        "redirect_uri": credentials.get("redirect_uri", OUT_OF_BAND),
        "scope": SCOPES,
    }
    reply = server.write("POST", "/oauth/token", Body.of_form(form), taking=(400, 401))
    opened = words(document_of(reply).get("access_token"), most=2_000)
    if reply.status >= 400 or not opened:
        raise NetworkRefused("wrong_credentials", said(reply), answered=answered(reply))
    return opened
