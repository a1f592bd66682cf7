"""A real Bluesky server (PDS) and its directory of identities, on loopback, with accounts in it."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.programs import running
from tests.site import ROOT, free_port

FOLDER = ROOT / "tests" / "peers" / "bluesky"
POST = "app.bsky.feed.post"


class Account(NamedTuple):
    """Somebody on the server."""

    handle: str
    did: str
    app_password: str


class BlueskyServer(NamedTuple):
    """One that runs, as others see it: by its HTTP API, without anything of ours."""

    address: str

    def ask(self, method: str, told: Any = None, token: str = "", **query: str) -> Any:
        """Call a method: with a document, or to be told something."""
        request = Request(
            f"{self.address}/xrpc/{method}?{urlencode(query)}",
            data=None if told is None else json.dumps(told).encode(),
            headers={"Content-Type": "application/json"}
            | ({"Authorization": f"Bearer {token}"} if token else {}),
        )
        with urlopen(request) as answer:
            return json.load(answer)

    def sign_up(self, name: str) -> Account:
        """Make an account, and an app password for it."""
        handle = f"{name}.test"
        told = {"handle": handle, "email": f"{name}@example.test", "password": "pw-123456"}
        made = self.ask("com.atproto.server.createAccount", told)
        token = made["accessJwt"]
        password = self.ask("com.atproto.server.createAppPassword", {"name": "softfactory"}, token)
        return Account(handle, made["did"], password["password"])

    def posts_of(self, account: Account) -> list[dict[str, Any]]:
        """Return the records of its posts, the oldest first: `uri`, `cid`, `value`."""
        listed = self.ask(
            "com.atproto.repo.listRecords", repo=account.did, collection=POST, limit="100"
        )
        return listed["records"][::-1]


@contextmanager
def bluesky(folder: Path, *, rate_limits: bool = False) -> Iterator[BlueskyServer]:
    """Run one, with its data in this folder."""
    node = shutil.which("node")
    if node is None or not (FOLDER / "node_modules").exists():
        pytest.fail("The Bluesky server is not installed (bin/peers install; it needs Node 20)")
    plc_port, port = free_port(), free_port()
    env = {
        "PATH": os.environ["PATH"],
        "LOG_ENABLED": "false",
        "NODE_ENV": "production",
        "PLC_PORT": str(plc_port),
        "DATA": str(folder / "data"),
        "RATE_LIMITS": "true" if rate_limits else "false",
    }
    plc = [node, str(FOLDER / "plc.cjs")]
    pds = [node, str(FOLDER / "pds.cjs")]
    with running(
        plc,
        log=folder / "plc.log",
        env=env | {"PORT": str(plc_port)},
        is_ready=lambda: _answers(f"http://127.0.0.1:{plc_port}/_health"),
    ):
        address = f"http://127.0.0.1:{port}"
        with running(
            pds,
            log=folder / "pds.log",
            env=env | {"PORT": str(port)},
            is_ready=lambda: _answers(f"{address}/xrpc/_health"),
        ):
            yield BlueskyServer(address)


def _answers(url: str) -> bool:
    try:
        urlopen(url).close()
    except HTTPError:
        return True
    except (URLError, OSError):
        return False
    return True
