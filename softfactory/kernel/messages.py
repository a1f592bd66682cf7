"""Messages to whoever uses the pages, kept as Django keeps them, by a shorter way for who has none.

Django makes ready to read cookie and session with every request; few ever read or add a message.
"""

from typing import Any

from django.contrib.messages.storage import fallback
from django.contrib.messages.storage.base import BaseStorage
from django.utils.functional import cached_property


class FallbackStorage(fallback.FallbackStorage):
    """Django's: in the cookie, and what is too long for it in the session."""

    def __init__(self, request: Any) -> None:
        BaseStorage.__init__(self, request)
        self._used_storages: set[BaseStorage] = set()

    @cached_property
    def storages(self) -> list[BaseStorage]:
        """The places where messages are, made when one is first looked for."""
        return [kind(self.request) for kind in self.storage_classes]
