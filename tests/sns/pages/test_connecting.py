"""Accounts on pages: connected, given a queue, and told what is wrong with them."""

from datetime import UTC, datetime

import pytest

from sns.models import Seat, SocialAccount
from tests.sns.makers import make_account

pytestmark = pytest.mark.django_db

MAY = datetime(2027, 5, 12, 0, 30, tzinfo=UTC)  # 9:30 in Seoul


@pytest.fixture
def account(ana):
    return make_account(ana)


@pytest.fixture
def browser(browse, ana):
    return browse(ana)


def test_an_account_is_connected_given_a_queue_and_disconnected(browser, ana):
    answer = browser.post(
        "/social/accounts/connect/webhook", {"server": "https://hooks.example/in"}
    )
    account = SocialAccount.objects.get(owner=ana)
    assert answer.url == f"/social/accounts/{account.pk}"

    wish = {"timezone": "Europe/Berlin", "weekdays": [0, 3], "times": "18:00, 9:30"}
    browser.post(answer.url, wish)
    account.refresh_from_db()
    assert account.timezone == "Europe/Berlin"
    assert [(slot["weekday"], slot["at"]) for slot in account.slots] == [
        (0, "09:30"),
        (0, "18:00"),
        (3, "09:30"),
        (3, "18:00"),
    ]

    browser.post(f"{answer.url}/disconnect")
    account.refresh_from_db()
    assert not account.is_active


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"timezone": "Nowhere", "weekdays": [0], "times": "09:00"}, "timezone"),
        ({"timezone": "UTC", "weekdays": [0], "times": "25:00"}, "times"),
        ({"timezone": "UTC", "weekdays": [0], "times": ""}, "times"),
        ({"timezone": "UTC", "weekdays": [9], "times": "09:00"}, "weekdays"),
    ],
)
def test_a_queue_that_is_none(browser, account, wish, field):
    answer = browser.post(f"/social/accounts/{account.pk}", wish)

    assert field in answer.context["form"].errors


def test_a_secret_is_never_shown_again(browser, account):
    account.secrets = {"secret": "whsec_shown_to_nobody"}
    account.save()

    for address in (f"/social/accounts/{account.pk}", "/social/accounts"):
        assert "whsec_shown" not in browser.get(address).content.decode()


def test_a_refusal_of_a_network_is_said_in_words(browser):
    answer = browser.post("/social/accounts/connect/webhook", {"server": "http://127.0.0.1/"})

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not SocialAccount.objects.exists()


def test_a_callback_that_nobody_asked_for(browser):
    answer = browser.get("/social/accounts/callback?code=x&state=y", follow=True)

    assert "Connecting was not finished" in answer.content.decode()


def test_accounts_are_for_their_owner_to_connect(browse, ana, cho, account):
    Seat.objects.create(owner=ana, user=cho, role=Seat.Role.AUTHOR)
    writes = browse(cho)
    writes.post("/social/workspace", {"owner": ana.pk})

    assert writes.get("/social/accounts/connect/webhook").status_code == 404
    assert writes.post(f"/social/accounts/{account.pk}/disconnect").status_code == 404
