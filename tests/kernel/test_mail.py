"""Mail on the terminal: readable, and its links whole."""

from io import StringIO

import pytest
from django.core.mail import EmailMessage

from softfactory import settings
from softfactory.kernel.mail import ConsoleBackend

LINK = "http://localhost:8000/accounts/email/confirm/" + "Mg:1xW8yx:" * 20


@pytest.mark.parametrize("text", ["Follow this link:", "이 링크를 누르세요:"])
def test_a_link_is_one_line_whatever_surrounds_it(text):
    terminal = StringIO()
    body = f"{text}\n\n{LINK}\n"
    message = EmailMessage("Confirm: 확인", body, to=["ana@example.test"], bcc=["ben@example.test"])

    assert ConsoleBackend(stream=terminal).send_messages([message]) == 1

    lines = terminal.getvalue().splitlines()
    assert lines[0] == "To: ana@example.test, ben@example.test"
    assert {"Subject: Confirm: 확인", text, LINK} <= set(lines)


def test_it_is_what_console_means():
    assert settings.mailer("console:")["BACKEND"] == "softfactory.kernel.mail.ConsoleBackend"
