"""Forms of campaigns, templates and spreadsheets."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sns.forms.accounts import Refusable
from sns.placeholders import names_in
from softfactory.kernel.forms import Combobox
from softfactory.kernel.problems import DomainError
from softfactory.kernel.zones import validate_zone, zone_names


class CampaignForm(Refusable):
    """What belongs together, how its links are marked, and from when to when."""

    name = forms.CharField(label=_("Name"), max_length=100)
    utm_campaign = forms.CharField(
        label=_("Mark in links"),
        required=False,
        max_length=100,
        help_text=_("Added to links as utm_campaign, so that you see who came by it."),
    )
    starts_on = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("It ends before it begins."))
        return cleaned


class TemplateForm(Refusable):
    """A name, and a text with placeholders."""

    name = forms.CharField(label=_("Name"), max_length=100)
    text = forms.CharField(label=_("Text"), max_length=20_000, widget=forms.Textarea())

    def clean_text(self) -> str:
        """With no placeholder that there isn't."""
        text: str = self.cleaned_data["text"]
        try:
            names_in(text)
        except DomainError as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from refusal
        return text


class ImportForm(Refusable):
    """A spreadsheet, and the zone that its times are in."""

    file = forms.FileField(
        label=_("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=_("At most 1 MB and 500 lines; as Excel, Numbers or LibreOffice save it."),
    )
    timezone = forms.CharField(label=_("Time zone of its times"), validators=[validate_zone])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["timezone"].widget = Combobox(sorted(zone_names()))
