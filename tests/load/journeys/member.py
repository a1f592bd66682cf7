"""People with an account, who use the pages: they sign in by the form, with its CSRF token."""

from collections.abc import Sequence

from tests.load import checks, markup
from tests.load.browser import Browser
from tests.load.journeys.person import Person
from tests.load.people import Person as Account

LOGIN = "/accounts/login"


class Member(Person):
    """Somebody with a browser and an account."""

    abstract = True

    def on_start(self) -> None:
        super().on_start()
        self.browser = Browser(self)
        self.is_signed_in = False
        accounts = self.accounts()
        self.account = accounts[self.number % len(accounts)]

    def accounts(self) -> Sequence[Account]:
        """Return the accounts that people of this kind share among them."""
        raise NotImplementedError

    def enter(self) -> None:
        """Sign in, unless that was done."""
        if self.is_signed_in:
            return
        page = self.browser.open_own(LOGIN, LOGIN, checks.shows('name="password"'))
        values = markup.form_values(page.text)
        values |= {"login": self.account.email, "password": self.account.password}
        self.browser.submit(LOGIN, LOGIN, values, checks.status(302))
        self.is_signed_in = True

    def sign_in_elsewhere(self) -> None:
        """Go on with another browser, which knows nobody."""
        self.browser.forget()
        self.is_signed_in = False
        self.enter()
