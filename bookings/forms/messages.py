"""What one side of a booking writes to the other."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models import Message


class MessageForm(forms.Form):
    """Words."""

    text = forms.CharField(
        label=_("Message"),
        max_length=Message._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
