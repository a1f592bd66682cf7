"""Second factors for tests: an authenticator app, and the codes that it would show."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp

from softfactory.accounts.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give_app(user: User) -> Authenticator:
    """Turn on the second step of a user, with SECRET in their app."""
    return totp.TOTP.activate(user, SECRET).instance


def give_recovery_codes(user: User) -> list[str]:
    """Recovery codes of a user."""
    return RecoveryCodes.activate(user).get_unused_codes()


def code_now(secret: str = SECRET) -> str:
    """What the app shows at this moment."""
    counter = next(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def wrong_code() -> str:
    """Six digits that the app does not show at this moment."""
    return f"{(int(code_now()) + 1) % 1_000_000:06}"
