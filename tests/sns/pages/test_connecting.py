"""Connecting on pages, as far as the network's own page and back, against small real servers."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from sns.models import SocialAccount
from softfactory.kernel.webhooks import is_secret
from tests.networks.bluesky import PASSWORD, BlueskyPeer
from tests.networks.mastodon import MastodonPeer
from tests.networks.peer import peer


@pytest.fixture(autouse=True)
def _loopback(settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]


@pytest.fixture
def browser(browse, ana):
    return browse(ana)


def test_a_receiver_is_suggested_a_secret_to_copy(browser):
    page = browser.get("/social/accounts/connect/webhook").content.decode()
    shown = re.search(r'name="secret" value="(whsec_[^"]+)"', page)
    assert shown
    assert is_secret(shown[1])

    browser.post(
        "/social/accounts/connect/webhook",
        {"server": "https://hooks.example/in", "secret": shown[1]},
    )

    assert SocialAccount.objects.get().secrets == {"secret": shown[1]}


def test_a_server_lets_somebody_in_on_its_own_page(browser, ana):
    with peer(MastodonPeer) as server:
        page = browser.post("/social/accounts/connect/mastodon", {"server": server.url})
        link = re.search(rf'href="({server.url}/oauth/authorize[^"]+)"', page.content.decode())
        assert link
        asked = parse_qs(urlsplit(link[1].replace("&amp;", "&")).query)
        client = asked["client_id"][0]
        assert server.apps[client]["client_secret"] not in str(dict(browser.session))
        code = server.agree(client)

        back = urlsplit(asked["redirect_uri"][0]).path
        query = {"code": code, "state": asked["state"][0]}
        answer = browser.get(back, query)

        account = SocialAccount.objects.get(owner=ana)
        assert answer.url == f"/social/accounts/{account.pk}"
        assert (account.network, account.handle, account.server) == ("mastodon", "ben", server.url)
        assert account.facts["max_characters"] == 500
        again = browser.get(back, query, follow=True)
        assert "Connecting was not finished" in again.content.decode()


def test_a_wrong_password_is_said_on_the_form_and_not_shown_again(browser):
    with peer(BlueskyPeer) as server:
        wish = {"server": server.url, "identifier": "ben.test", "app_password": "wrong-password"}
        page = browser.post("/social/accounts/connect/bluesky", wish).content.decode()
        assert "Check them." in page
        assert "wrong-password" not in page

        browser.post("/social/accounts/connect/bluesky", wish | {"app_password": PASSWORD})
        account = SocialAccount.objects.get()
        assert account.works
        assert PASSWORD not in account.sealed_secrets
