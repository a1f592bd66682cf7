"""The least a server can do: a WSGI application that answers 8 kB of constant bytes."""

BODY = b"x" * 8_000
HEADERS = [("Content-Type", "text/plain"), ("Content-Length", str(len(BODY)))]


def application(environ, start_response):
    """Answer the same bytes to whatever is asked."""
    start_response("200 OK", HEADERS)
    return [BODY]
