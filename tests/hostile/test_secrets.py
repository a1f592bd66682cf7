"""What must not be told: whether an address has an account; and, in no log, what opens one."""

import logging
import re

import pytest
from django.contrib.auth import hashers
from django.core import mail

from softfactory.accounts.models import ApiToken
from tests.accounts.second_factor import code_now, give_app
from tests.bookings.answers import problem
from tests.makers import PASSWORD, make_token

TOKENS = "/api/auth/tokens"
UNKNOWN = "nobody@example.test"


@pytest.fixture
def hashed(monkeypatch):
    """How many passwords were hashed so far, which is what takes the time."""
    counts = []
    encode = hashers.MD5PasswordHasher.encode

    def counted(self, *args, **kwargs):
        counts.append(1)
        return encode(self, *args, **kwargs)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)
    return counts


def without_what_always_differs(page):
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    return re.sub(r"[\w.]+@example\.test", "", page)


@pytest.mark.parametrize("state", ["known", "shut out", "unverified", "without a password"])
class TestNobodyLearnsWhoHasAnAccount:
    @pytest.fixture
    def ana(self, ana, state):
        if state == "shut out":
            ana.is_active = False
        elif state == "without a password":
            ana.set_unusable_password()
        elif state == "unverified":
            ana.emailaddress_set.update(verified=False)
        ana.save()
        return ana

    def test_by_a_token(self, ana, state, api, hashed):
        answers, costs = [], []
        for email in (ana.email, UNKNOWN):
            hashed.clear()
            answer = api().post(TOKENS, {"email": email, "password": "wrong"})
            answers.append((problem(answer), answer.json()["detail"]))
            costs.append(len(hashed))

        assert answers[0] == answers[1]
        assert costs[0] == costs[1] == 1

    def test_by_signing_in(self, ana, state, client, hashed):
        pages, costs = [], []
        for email in (ana.email, UNKNOWN):
            hashed.clear()
            page = client.post("/accounts/login", {"login": email, "password": "wrong"})
            pages.append((page.status_code, without_what_always_differs(page.text)))
            costs.append(len(hashed))

        assert pages[0] == pages[1]
        assert costs[0] == costs[1] == 1

    def test_by_asking_for_a_new_password(self, ana, state, client):
        answers = []
        for email in (ana.email, UNKNOWN):
            answer = client.post("/accounts/password/reset", {"email": email})
            answers.append((answer.status_code, answer.url, client.get(answer.url).status_code))

        assert answers[0] == answers[1]

    def test_by_signing_up(self, ana, state, browse, hashed):
        answers, costs = [], []
        for email in (ana.email, UNKNOWN):
            hashed.clear()
            fields = {"name": "A", "email": email, "password1": PASSWORD, "password2": PASSWORD}
            answer = browse(None).post("/accounts/signup", fields)
            answers.append((answer.status_code, answer.url, set(answer.cookies)))
            costs.append(len(hashed))

        assert answers[0] == answers[1]
        assert costs[0] == costs[1] == 1


@pytest.fixture
def log(caplog):
    """`log()` is all that was logged so far, at any level."""
    caplog.set_level(logging.DEBUG)

    def log():
        return "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)

    return log


def test_no_log_tells_a_token_or_a_key(api, ana, chef, log):
    text = make_token(ana)
    client = api()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}", HTTP_IDEMPOTENCY_KEY="my-secret-key")

    client.post("/api/coocook/bookings", {"chef_id": chef.pk, "starts_at": "2020-01-01T00:00Z"})
    client.post("/api/coocook/bookings", {"chef_id": 0})
    client.get("/api/nowhere")
    client.credentials(HTTP_AUTHORIZATION="Bearer sf_guessed-but-close")
    client.get("/api/auth/me")

    assert "/api/nowhere" in log()
    for secret in (text, ApiToken.digest_of(text), "my-secret-key", "sf_guessed"):
        assert secret not in log()


def test_no_log_tells_a_password_or_a_code(api, ana, client, log):
    give_app(ana)
    code = code_now()
    body = {"email": ana.email, "password": PASSWORD, "code": code}

    issued = api().post(TOKENS, body).json()["token"]
    api().post(TOKENS, body | {"password": "wrong-" + PASSWORD})
    api().post(TOKENS, body | {"code": "wrong"})
    client.post("/accounts/login", {"login": ana.email, "password": PASSWORD})
    client.post("/accounts/login", {"login": ana.email, "password": "wrong-" + PASSWORD})
    client.post("/accounts/password/reset", {"email": ana.email})

    link = re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1]
    client.get(link)
    assert TOKENS in log()
    for secret in (PASSWORD, issued, link.rpartition("-")[2]):
        assert secret not in log()


def test_an_error_of_ours_logs_no_password(api, ana, log, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr("softfactory.accounts.api.tokens.issue_token", broken)
    client = api()
    client.raise_request_exception = False
    client.handler.raise_request_exception = False

    answer = client.post(TOKENS, {"email": ana.email, "password": PASSWORD})

    assert answer.status_code == 500
    assert "RuntimeError" in log() or "broken" in log()
    assert PASSWORD not in log()


def test_a_link_for_a_new_password_opens_once(ana, client, browse):
    client.post("/accounts/password/reset", {"email": ana.email})
    link = re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1]
    fields = dict.fromkeys(("password1", "password2"), "quite-another-word")
    form = client.get(link).url  # the key is taken out of the address
    assert client.post(form, fields).status_code == 302

    again = browse(None).get(link)

    assert again.status_code == 200
    assert "password1" not in again.text


def test_no_answer_repeats_a_password(api, client, ana):
    answer = api().post(TOKENS, {"email": "no address", "password": "swordfish" * 200})
    page = client.post("/accounts/login", {"login": ana.email, "password": "swordfish"})

    assert "swordfish" not in answer.text
    assert "swordfish" not in page.text
