"""The least a server can do: a WSGI application that has all of its answers before it starts.

`BARE_ANSWERS` names a JSON file: `{path: [status, [[name, value], …], body in base64]}`.
"""

import base64
import json
import os
from pathlib import Path

ANSWERS = {
    path: (status, [(name, value) for name, value in headers], [base64.b64decode(body)])
    for path, (status, headers, body) in json.loads(
        Path(os.environ["BARE_ANSWERS"]).read_text()
    ).items()
}


def application(environ, start_response):
    """Answer what was written down for this path."""
    status, headers, body = ANSWERS[environ["PATH_INFO"]]
    start_response(status, headers)
    return body
