"""Django's application, to which addresses and forms are UTF-8, whatever charset is claimed.

Django reads the query string by the charset of the Content-Type. So one address can be made to mean
something else, and what is kept for it would be shown to everybody; and a charset that Python has,
but not for text (base64), breaks the request before anything of ours sees it.
"""

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest


class Utf8Request(WSGIRequest):
    """A request that can't be told another encoding."""

    @property
    def encoding(self) -> str:
        return "utf-8"

    @encoding.setter
    def encoding(self, claimed: str) -> None:
        """Take no notice."""


class Application(WSGIHandler):
    """What the server calls, once Django is set up."""

    request_class = Utf8Request
