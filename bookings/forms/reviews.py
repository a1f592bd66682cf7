"""What the sides of a booking fill in about each other."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import Review
from bookings.models.chef import STARS
from softfactory.kernel.forms import Chips

LONGEST = Review._meta.get_field("text").max_length


class ReviewForm(forms.Form):
    """Stars, and words for who has some."""

    rating = forms.TypedChoiceField(
        label=_("Stars"),
        choices=[(stars, str(stars)) for stars in STARS],
        coerce=int,
        widget=Chips,
        error_messages={"required": _("Choose how many stars.")},
    )
    text = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 5}),
    )


class AnswerForm(forms.Form):
    """What a chef answers to a review."""

    text = forms.CharField(
        label=_("Your answer"), max_length=LONGEST, widget=forms.Textarea({"rows": 5})
    )
