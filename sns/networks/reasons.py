"""Why a network refuses, by codes of ours, each with what its owner can do about it."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MENDING: Final[Mapping[str, Promise]] = {
    "signed_out": _("The network does not let us in any more. Connect the account again."),
    "suspended": _("The network has closed or suspended the account. Ask it why, there."),
    "not_allowed": _("The account may not do this. Connect it again and allow everything asked."),
    "wrong_credentials": _("The network does not know these credentials. Check them."),
    "wrong_server": _("There is no such server, or it speaks another language. Check its address."),
    "address": _("Such an address is not called. Write one that begins with https://."),
    "gone": _("The receiver does not want any more messages. Connect it again if it should."),
    "moved": _("The server has moved. Connect the account again under its new address."),
    "content": _("The network does not take this post as it is. Change it and try again."),
    "too_large": _("A picture is too large for the network. Choose a smaller one."),
    "refused": _("The network refuses it. What it said stands beside the attempt."),
}
