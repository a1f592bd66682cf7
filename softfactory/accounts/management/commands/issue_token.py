"""`manage.py issue_token EMAIL [--scope …]` gives a user a token and prints it once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from softfactory.accounts.models import SCOPES, User
from softfactory.accounts.services.tokens import DEFAULT_DAYS, MOST_DAYS, issue_token
from softfactory.kernel import clock
from softfactory.kernel.problems import DomainError


class Command(BaseCommand):
    """The token alone goes to standard output, so that a script can keep it."""

    help = "Give a user a token and print it, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--scope",
            action="extend",
            nargs="+",
            choices=SCOPES,
            metavar="APP:ACCESS",
            help="one or several; without any, every scope of the user's role",
        )
        parser.add_argument("--name", default="")
        parser.add_argument(
            "--days", type=int, default=DEFAULT_DAYS, help=f"it works, at most {MOST_DAYS}"
        )

    def handle(self, *, email: str, name: str, days: int, **options: Any) -> None:
        if not 1 <= days <= MOST_DAYS:
            raise CommandError(f"--days is {days}. Set it to a number from 1 to {MOST_DAYS}.")
        try:
            user = User.objects.get_by_natural_key(email)
            issued = issue_token(
                user=user,
                now=clock.now(),
                name=name,
                scopes=options["scope"],
                expires_in_days=days,
            )
        except User.DoesNotExist as error:
            raise CommandError(f"There is no user {email}. Check the address.") from error
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(issued.text)
