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


HALF_HOURS = ", ".join(f"{hour:02}:{minute}" for hour in range(24) for minute in ("00", "30"))


@pytest.fixture
def browser(browse, ana):
    return browse(ana)


def test_an_account_is_connected_given_a_queue_and_disconnected(browser, ana):
    answer = browser.post(
        "/social/accounts/connect/webhook", {"server": "https://hooks.example/in"}
    )
    account = SocialAccount.objects.get(owner=ana)
    assert answer.url == f"/social/accounts/{account.pk}"

    wish = {"timezone": "Europe/Berlin", "day_0": "18:00, 9:30, 18:00", "day_3": "7:00"}
    browser.post(answer.url, wish)
    account.refresh_from_db()
    assert account.timezone == "Europe/Berlin"
    assert [(slot["weekday"], slot["at"]) for slot in account.slots] == [
        (0, "09:30"),
        (0, "18:00"),
        (3, "07:00"),
    ]

    browser.post(f"{answer.url}/disconnect")
    account.refresh_from_db()
    assert not account.is_active


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"timezone": "Nowhere", "every_day": "09:00"}, "timezone"),
        ({"timezone": "UTC", "every_day": "25:00"}, "every_day"),
        ({"timezone": "UTC", "day_6": "9"}, "day_6"),
        ({"timezone": "UTC", "every_day": HALF_HOURS}, "__all__"),
    ],
)
def test_a_queue_that_is_none(browser, account, wish, field):
    answer = browser.post(f"/social/accounts/{account.pk}", wish)

    assert field in answer.context["form"].errors
    assert next(iter(wish.values())) in answer.text


def test_what_all_days_share_is_said_once(browser, account):
    page = f"/social/accounts/{account.pk}"
    wish = {"timezone": "UTC", "every_day": "09:00", "day_5": "11:00; 09:00", "day_6": "11:00"}
    browser.post(page, wish)
    account.refresh_from_db()
    assert len(account.slots) == 9

    form = browser.get(page).context["form"]
    shown = {name: form[name].value() for name in ("every_day", "day_4", "day_5", "day_6")}
    assert shown == {"every_day": "09:00", "day_4": "", "day_5": "11:00", "day_6": "11:00"}
    browser.post(page, {"timezone": "UTC"} | shown)
    account.refresh_from_db()
    assert len(account.slots) == 9
    browser.post(page, {"timezone": "UTC"})
    account.refresh_from_db()
    assert account.slots == []


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
