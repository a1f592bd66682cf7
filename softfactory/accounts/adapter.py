"""How allauth signs people up and in here."""

from io import BytesIO

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from softfactory.kernel.http.addresses import client_address
from softfactory.kernel.sealing import seal, unseal


class AccountAdapter(DefaultAccountAdapter):
    """The site's account rules."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("Address and password do not belong together. Check both."),
        "enter_current_password": _("This is not your password. Check it."),
        "incorrect_password": _("This is not your password. Check it."),
        "too_many_login_attempts": _(
            "Too many tries. Wait five minutes, or set a new password by e-mail."
        ),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that limits count by, read as everywhere else on the site."""
        return client_address(request)

    def is_ajax(self, request: HttpRequest) -> bool:
        """Say no: allauth's pages have no second face in JSON; the API is `/api/`."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where signing in leads when nothing else was asked for, in one's language."""
        with translation.override(request.user.language):
            return super().get_login_redirect_url(request)


class SecondFactorAdapter(DefaultMFAAdapter):
    """The site's rules for the second step."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is wrong, or was used already. Enter the next one."),
    }

    def encrypt(self, text: str) -> str:
        """Seal what the second step keeps; the database alone must not let anybody in."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open what `encrypt` sealed."""
        return unseal(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """Draw the code on white, so that a dark page does not hide it from the camera."""
        drawing = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(drawing)
        return drawing.getvalue().decode()
