"""Who takes part: customers, owners, staff and chefs, from a file or from a running demo."""

import json
import os
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

#: Names the file with what `manage.py seed_demo --json` printed.
FILE = "LOAD_PEOPLE"

# Whom every demo has, with the password that the README publishes.
PASSWORD = "softfactory-demo"
PUBLISHED = {"ana": "customer", "cho": "customer", "ben": "chef", "dee": "staff"}

GIVE_UP = 10  # seconds
HOW = (
    f"Start a demo with RATE_LIMITS=off make serve and name it with --host, or name in {FILE} the "
    "file that `manage.py seed_demo --json` was written to. docs/guide/load-testing.md has both."
)


class NobodyToPlay(Exception):
    """There is no demo at this address; the message says what to do."""


class Person(NamedTuple):
    """Somebody who can sign in, and their token."""

    email: str
    password: str
    token: str


class People(NamedTuple):
    """Everybody who takes part; none of the lists is empty."""

    customers: list[Person]
    owners: list[Person]
    staff: list[Person]
    chefs: list[int]


def people(host: str) -> People:
    """Return who takes part at this address; raises NobodyToPlay."""
    path = os.environ.get(FILE)
    return from_file(Path(path)) if path else from_demo(host)


def from_file(path: Path) -> People:
    """Read what `seed_demo --json` printed."""
    try:
        seeded = json.loads(path.read_text())
        users = [
            (user["role"], Person(user["email"], user["password"], user["token"]))
            for user in seeded["users"]
        ]
        chefs = [chef["id"] for chef in seeded["chefs"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NobodyToPlay(f"{path} is not what seed_demo --json prints. {HOW}") from error
    return _complete(users, chefs, str(path))


def from_demo(host: str) -> People:
    """Sign in as the people whom every demo has, and take the chefs from the public list."""
    users = []
    for name, role in PUBLISHED.items():
        email = f"{name}@demo.example"
        sent = {"email": email, "password": PASSWORD, "name": "load"}
        issued = _call(host, "POST", "/api/auth/tokens", sent)
        users.append((role, Person(email, PASSWORD, issued["token"])))
    chefs = _call(host, "GET", "/api/coocook/chefs?limit=100&sort=rating")["results"]
    return _complete(users, [chef["id"] for chef in chefs], host)


def _complete(users: list[tuple[str, Person]], chefs: list[int], source: str) -> People:
    def of(role: str) -> list[Person]:
        return [person for its, person in users if its == role]

    found = People(of("customer"), of("chef"), of("staff"), chefs)
    if not all(found):
        missing = next(name for name, some in found._asdict().items() if not some)
        raise NobodyToPlay(f"{source} has no {missing}. {HOW}")
    return found


def _call(host: str, method: str, path: str, body: Any = None) -> Any:
    parts = urlsplit(host)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=GIVE_UP)
    try:
        sent = None if body is None else json.dumps(body)
        connection.request(method, path, sent, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = json.loads(response.read())
    except (OSError, HTTPException, ValueError) as error:
        raise NobodyToPlay(f"{host} does not answer as a demo would ({error}). {HOW}") from error
    finally:
        connection.close()
    if response.status not in (200, 201):
        reason = answer.get("detail", response.status)
        raise NobodyToPlay(f"{host} has no demo people ({reason}). {HOW}")
    return answer
