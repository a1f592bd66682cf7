"""The webhook: one signed message a post, the same bytes whenever it is sent."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from standardwebhooks import Webhook as Receiver

from sns.networks import NETWORKS
from sns.networks.protocol import NetworkLater, NetworkRefused, NetworkUnsure
from softfactory.kernel import clock
from softfactory.kernel.webhooks import is_secret, new_secret
from tests.receivers import DROP, Answer, http_receiver
from tests.site import free_port
from tests.sns.posts import AT, PNG, make_access, make_content, make_picture

NETWORK = NETWORKS["webhook"]
KEY = "0a1b2c"


@pytest.fixture
def receiver(settings):
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with http_receiver() as server:
        yield server


@pytest.fixture
def access(receiver):
    return make_access(f"{receiver.url}/posts", secrets={"secret": new_secret()})


def test_connecting_makes_a_secret_and_sends_nothing(receiver):
    access = NETWORK.connect(f"{receiver.url}/posts", {})

    assert is_secret(access.secrets["secret"])
    assert access.handle == "127.0.0.1"
    assert "whsec" not in repr(access)
    assert receiver.received == []


@pytest.mark.parametrize(
    ("server", "secret", "code"),
    [
        ("http://chef.example/", "", "address"),
        ("https://10.0.0.1/", "", "address"),
        ("https://chef.example/", "whsec_c2hvcnQ=", "wrong_credentials"),
    ],
)
def test_refuses_what_can_not_work(server, secret, code):
    with pytest.raises(NetworkRefused) as refusal:
        NETWORK.connect(server, {"secret": secret})
    assert refusal.value.code == code


def test_sends_a_signed_message(receiver, access):
    content = make_content("One", "Two", pictures=(make_picture(),), link="https://a.example/")

    published = NETWORK.publish(access, content, KEY)

    (request,) = receiver.received
    told = Receiver(access.secrets["secret"]).verify(request.body, request.headers)
    assert request.path == "/posts"
    assert request.headers["webhook-id"] == f"msg_{KEY}"
    assert (told["type"], told["timestamp"]) == ("post.published", AT.isoformat())
    assert [part["text"] for part in told["data"]["parts"]] == ["One", "Two"]
    (picture,) = told["data"]["parts"][0]["pictures"]
    assert picture["alt"] == "A dot"
    assert len(picture["base64"]) == len(PNG) // 3 * 4 + (4 if len(PNG) % 3 else 0)
    assert (published.remote_id, published.url) == (KEY, "")


def test_the_same_post_has_the_same_bytes_and_id(receiver, access):
    content = make_content()
    NETWORK.publish(access, content, KEY)
    with time_machine.travel(clock.now() + timedelta(hours=3)):
        NETWORK.publish(access, content, KEY)

    first, second = receiver.received
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


def test_a_receiver_may_tell_where_the_post_is(receiver, access):
    answer = {"id": 7, "url": "https://blog.example/7"}
    receiver.commands.extend(
        [
            Answer(200, {}, json.dumps(answer).encode()),
            Answer(200, {}, json.dumps(answer | {"url": "javascript:alert(1)"}).encode()),
        ]
    )

    published = NETWORK.publish(access, make_content(), KEY)
    assert (published.remote_id, published.url) == ("7", "https://blog.example/7")
    assert NETWORK.publish(access, make_content(), KEY).url == ""


def test_is_unsure_of_what_was_dropped_or_failed(receiver, access):
    receiver.commands.extend([DROP, Answer(500)])
    for _ in range(2):
        with pytest.raises(NetworkUnsure):
            NETWORK.publish(access, make_content(), KEY)
    assert NETWORK.find(access, make_content(), KEY) is None


def test_comes_later_where_nobody_is_or_where_asked_to(receiver, access):
    now = datetime(2027, 3, 1, tzinfo=UTC)
    receiver.commands.append(Answer(429, {"Retry-After": "17"}))
    with time_machine.travel(now, tick=False), pytest.raises(NetworkLater) as later:
        NETWORK.publish(access, make_content(), KEY)
    assert later.value.retry_at == now + timedelta(seconds=17)

    with pytest.raises(NetworkLater) as later:
        nobody = make_access(f"http://127.0.0.1:{free_port()}/", secrets=access.secrets)
        NETWORK.publish(nobody, make_content(), KEY)
    assert later.value.retry_at is None


@pytest.mark.parametrize(
    ("status", "code", "broken"),
    [(410, "gone", True), (400, "refused", False), (302, "moved", False)],
)
def test_is_refused_for_good(receiver, access, status, code, broken):
    receiver.commands.append(Answer(status, {"X-Request-Id": "r1"}, b'{"message": "No."}'))
    with pytest.raises(NetworkRefused) as refusal:
        NETWORK.publish(access, make_content(), KEY)
    assert (refusal.value.code, refusal.value.account_broken) == (code, broken)
    assert "No." in refusal.value.reason
    assert refusal.value.answered.status == status
    assert refusal.value.answered.request_id == "r1"


def test_tells_that_a_post_is_to_go(receiver, access):
    NETWORK.delete(access, KEY)

    (request,) = receiver.received
    assert json.loads(request.body)["type"] == "post.deleted"
    assert json.loads(request.body)["data"] == {"id": KEY}


def test_whatever_a_receiver_calls_a_post_goes_into_the_message_alone(receiver, access):
    name = "a\r\nX-Evil: 김치 " + "x" * 100
    receiver.commands.append(Answer(200, {}, json.dumps({"id": name}).encode()))
    published = NETWORK.publish(access, make_content(), KEY)

    NETWORK.delete(access, published.remote_id)

    assert json.loads(receiver.received[1].body)["data"] == {"id": name}
    assert "x-evil" not in receiver.received[1].headers
