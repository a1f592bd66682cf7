"""How channels are told, by e-mail and by webhook, and how this machine's processes are asked."""

from datetime import timedelta


class Undelivered(Exception):
    """The other side did not take it. The message may be shown to staff; it holds no secret.

    `is_permanent` if trying again is of no use; `retry_after` is what the other side asked for.
    """

    def __init__(
        self, message: str, *, is_permanent: bool = False, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(message)
        self.is_permanent = is_permanent
        self.retry_after = retry_after
