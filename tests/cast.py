"""The fixed cast: Ana is a customer, Ben owns a chef, Cho is a stranger, Dee is staff."""

from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.test import APIClient

from bookings.models import Chef
from softfactory.accounts.models import User
from tests.makers import make_chef, make_token, make_user


@pytest.fixture
def ana(db: None) -> User:
    """A customer."""
    return make_user("ana@example.test")


@pytest.fixture
def ben(db: None) -> User:
    """A chef's owner."""
    return make_user("ben@example.test")


@pytest.fixture
def cho(db: None) -> User:
    """A stranger."""
    return make_user("cho@example.test")


@pytest.fixture
def dee(db: None) -> User:
    """Staff."""
    return make_user("dee@example.test", is_staff=True, is_superuser=True)


@pytest.fixture
def chef(ben: User) -> Chef:
    """Ben's chef: in Seoul, open from 9 to 21 every day."""
    return make_chef(ben)


@pytest.fixture
def api() -> Callable[..., APIClient]:
    """`api(ana)` is an API client with Ana's token, `api()` one without any."""

    def client(user: User | None = None, **token: object) -> APIClient:
        api_client = APIClient(raise_request_exception=True)
        if user is not None:
            api_client.credentials(HTTP_AUTHORIZATION=f"Bearer {make_token(user, **token)}")
        return api_client

    return client


@pytest.fixture
def browse() -> Callable[[User | None], Client]:
    """`browse(ana)` is a browser in which Ana is signed in, `browse(None)` a fresh one."""

    def client(user: User | None = None) -> Client:
        browser = Client()
        if user is not None:
            browser.force_login(user)
        return browser

    return client
