"""What the API's own schema promises, held against requests made up from it, good and bad.

Each operation is called as nobody, as a customer and as staff. Their bodies, paths and parameters
are derived from the schema, always the same ones.
"""

import logging

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from softfactory.accounts.models import ApiToken
from tests.makers import make_booking, make_product, make_token

# What docs/guide/api.md says that an answer may be; nothing here takes a second.
DOCUMENTED = {200, 201, 204, 400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428}

CONFIG = {
    "seed": 1,
    "checks": {
        # Rules beyond the schema, such as the chef's hours, refuse much that fits it.
        "positive_data_acceptance": {"enabled": False},
        "missing_required_header": {"expected-statuses": ["400", "401", "403", "404", "428"]},
    },
    "phases": {"coverage": {"unexpected-methods": ["put", "delete", "trace"]}},
}
schema = schemathesis.openapi.from_wsgi(
    "/api/schema", get_wsgi_application(), config=SchemathesisConfig.from_dict(CONFIG)
)
always_the_same = settings(
    max_examples=4,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _connection_stays():
    """A server looks after its connection with each request; here the test's transaction does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def _silence(caplog):
    """Refusals are what this is about."""
    caplog.set_level(logging.ERROR, "django.request")


@pytest.fixture
def headers(ana, ben, dee):
    """By role, what says who one is. The customer owns a chef too, so as to reach owners' rules."""
    tokens = {"nobody": "", "customer": make_token(ben), "staff": make_token(dee)}
    return {
        # Compressed answers are another test's affair.
        role: {"Accept-Encoding": "identity"}
        | ({"Authorization": f"Bearer {text}"} if text else {})
        for role, text in tokens.items()
    }


@pytest.fixture
def rows(ben, chef, headers):
    """The identifier of a row that is there, by the start of its address."""
    return {
        "/api/auth/tokens": {"id": ApiToken.objects.filter(user=ben).get().pk},
        "/api/coocook/bookings": {"id": make_booking(chef, ben).pk},
        "/api/coocook/chefs": {"id": chef.pk},
        "/api/platform/products": {"slug": make_product().slug},
    }


def aim(case, rows):
    """Let the case meet a row that is there, where its own identifier would do for one."""
    for prefix, identifier in rows.items():
        if case.path.startswith(prefix):
            for name in identifier.keys() & (case.path_parameters or {}).keys():
                if type(case.path_parameters[name]) is type(identifier[name]):
                    case.path_parameters[name] = identifier[name]


@pytest.mark.parametrize("role", ["nobody", "customer", "staff"])
@schema.parametrize()
@always_the_same
def test_answers_as_promised(case, role, headers, rows):
    aim(case, rows)

    answer = case.call(headers=headers[role])

    assert answer.status_code in DOCUMENTED
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == ["application/problem+json"]
        problem = answer.json()
        assert problem["status"] == answer.status_code
        assert problem["request_id"] == answer.headers["x-request-id"][0]
    case.validate_response(answer, headers=headers[role])
