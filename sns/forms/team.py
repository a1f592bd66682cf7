"""Forms of a team: who works on one's posts, and what they say."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sns.forms.accounts import Refusable
from sns.models import Seat
from softfactory.kernel.forms import Chips


class SeatForm(Refusable):
    """Whom to let work on one's posts, and what they may do."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Of somebody who has an account here."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("What they do"), choices=Seat.Role.choices, initial=Seat.Role.AUTHOR, widget=Chips()
    )


class CommentForm(Refusable):
    """Something to say about a post."""

    text = forms.CharField(
        label=_("Comment"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )
