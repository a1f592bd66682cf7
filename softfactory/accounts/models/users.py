"""User: who signs in."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower, Upper
from django.utils.translation import gettext_lazy as _

from softfactory.kernel import clock
from softfactory.kernel.db.generations import touch
from softfactory.kernel.zones import validate_zone


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address, which is kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user; without a password, one who can't sign in by password."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an admin, for `manage.py createsuperuser`."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by e-mail. Customer, chef's owner and staff are roles of a user."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=100, blank=True)
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=[("en", _("English")), ("ko", _("Korean"))],
        default="en",
    )
    timezone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Seoul", validators=[validate_zone]
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            # One user per address, whatever its case.
            models.UniqueConstraint(Upper("email"), name="accounts_user_email_once"),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="accounts_user_email_lower"
            ),
        ]
        indexes = [
            # The active user of an address as it is stored (`issue_token`, look-ups in the admin).
            models.Index(fields=["email", "is_active"], name="accounts_user_email_active"),
            # Admin: users, newest first.
            models.Index(fields=["-created_at"], name="accounts_user_created"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a new password, whoever set it and where, revokes the user's tokens.

        Who changes it may fear that somebody else was in, and would have left with a token.
        """
        is_new_password = self._password is not None and not self._state.adding
        with touch("user", *self._keys()), transaction.atomic():
            super().save(*args, **kwargs)
            if is_new_password:
                self.api_tokens.filter(revoked_at=None).update(revoked_at=clock.now())

    def _keys(self) -> list[int]:
        """Whose tokens a write to this row concerns: nobody's while it is new."""
        return [] if self._state.adding else [self.pk]

    def clean(self) -> None:
        """Bring the address into the form it is kept in."""
        super().clean()
        self.email = self.email.lower()

    def get_short_name(self) -> str:
        return self.name or self.email.partition("@")[0]
