"""Mail where there is no mail server: written to the terminal, as a person would read it."""

from django.core.mail import EmailMessage
from django.core.mail.backends import console


class ConsoleBackend(console.EmailBackend):
    """Writes what a mail says, and not how it is encoded: that breaks long lines, and so links."""

    def write_message(self, message: EmailMessage) -> None:
        """Write to whom, about what, and the text."""
        recipients = ", ".join(message.recipients())
        self.stream.write(f"To: {recipients}\nSubject: {message.subject}\n\n{message.body}\n")
        self.stream.write("-" * 79 + "\n")
