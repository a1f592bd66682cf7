"""Bodies that no client should send, to every operation that reads one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from softfactory.accounts.models import User
from tests.bookings.answers import ANY_VERSION, problem, wrong_fields
from tests.hostile.callers import OPERATIONS, SIGNED, UPLOADS, who_reaches

WRITES = [
    name
    for name in OPERATIONS
    if name.split()[0] in {"POST", "PUT", "PATCH"} and name not in SIGNED | UPLOADS
]

BAD_BODIES = {
    "an array": "[{}]",
    "null": "null",
    "a number": "1",
    "text": '"text"',
    "cut off": '{"name": ',
    "two values": "{} {}",
    "a comment": "{} // nothing",
    "not a number": '{"guests": NaN}',
    "infinity": '{"guests": -Infinity}',
    "a huge exponent": '{"guests": 1e999}',
    "a huge number": '{"guests": 1' + "0" * 30 + "}",
    "more digits than Python reads": '{"guests": ' + "9" * 5_000 + "}",
    "deep arrays": "[" * 100_000,
    "deep objects": '{"a":' * 100_000,
    "a lone surrogate as a name": r'{"\ud800": 1}',
    "a lone surrogate as a value": r'{"name": "\udfff", "status": "\udfff"}',
    "NUL as a name": r'{"\u0000": 1}',
    "NUL itself": "\x00",
    "not UTF-8": b'{"name": "\xff\xfe"}',
    "UTF-16": '{"name": "Nari"}'.encode("utf-16"),
    "overlong UTF-8": b'{"\xc0\xaf": 1}',
    "names of Python": '{"__class__": {}, "__proto__": {}, "pk": 1}',
}

REFUSALS = {(400, "parse_error"), (400, "invalid")}

OTHER_TYPES = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json, text/plain",
    "/",
    "",
)

# What no client sets, whatever it writes.
NOT_THEIRS = {
    "id",
    "pk",
    "owner",
    "owner_id",
    "customer",
    "customer_id",
    "user",
    "status",
    "version",
    "price",
    "total_price",
    "total_amount",
    "rating",
    "review_count",
    "digest",
    "is_staff",
    "created_at",
    "expires_at",
}


@pytest.fixture
def attack(request, api, at):
    """`attack(operation, body)` sends it as somebody who may call; nothing must be written."""

    def attack(operation, body, content_type="application/json"):
        method, address = operation.split()
        caller = who_reaches(operation)
        client = api(None if caller == "nobody" else request.getfixturevalue(caller))
        address = at(address)
        with CaptureQueriesContext(connection) as queries:
            answer = client.generic(method, address, body, content_type, headers=ANY_VERSION)
        written = {query["sql"].split()[0] for query in queries} & {"INSERT", "UPDATE", "DELETE"}
        assert not written
        return answer

    return attack


@pytest.mark.parametrize("operation", WRITES)
def test_what_is_no_body_changes_nothing(operation, attack):
    answers = {name: problem(attack(operation, body)) for name, body in BAD_BODIES.items()}

    assert {n: a for n, a in answers.items() if a not in REFUSALS} == {}


@pytest.mark.parametrize("operation", WRITES)
def test_another_type_is_refused(operation, attack):
    for content_type in OTHER_TYPES:
        refusal = problem(attack(operation, "a=1", content_type))
        assert refusal == (415, "unsupported_media_type")


@pytest.mark.parametrize("charset", ["utf-16", "utf-7", "base64", "idna", "nonsense", '"'])
def test_json_is_utf_8_whatever_charset_is_claimed(api, ana, charset):
    body = '{"colour": "빨강"}'.encode()

    answer = api(ana).generic(
        "POST", "/api/coocook/bookings", body, f"application/json; charset={charset}"
    )

    assert wrong_fields(answer)["colour"] == "unknown"


@pytest.mark.parametrize("operation", WRITES)
def test_what_is_not_the_clients_to_set(operation, request, api, send, bodies):
    own = bodies.get(operation, {})
    bodies[operation] = dict.fromkeys(NOT_THEIRS, 1) | own
    caller = who_reaches(operation)

    answer = send(operation, api(None if caller == "nobody" else request.getfixturevalue(caller)))

    refused = {name: code for name, code in wrong_fields(answer).items() if name in NOT_THEIRS}
    assert refused.keys() == NOT_THEIRS - own.keys()
    assert set(refused.values()) <= {"unknown", "read_only"}


def test_a_form_does_not_promote_its_sender(browse, ana):
    fields = {"name": "Ana", "language": "en", "timezone": "UTC"}
    stolen = {"is_staff": "on", "is_superuser": "on", "email": "dee@example.test", "id": "1"}

    answer = browse(ana).post("/account", fields | stolen)

    assert answer.status_code == 302
    user = User.objects.get(pk=ana.pk)
    assert (user.timezone, user.email) == ("UTC", "ana@example.test")
    assert not any([user.is_staff, user.is_superuser])
