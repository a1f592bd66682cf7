"""How forms look: their renderer, our own widgets, and the words a browser says about a field."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.validators import (
    BaseValidator,
    EmailValidator,
    MaxValueValidator,
    MinValueValidator,
    URLValidator,
)
from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Renders forms by the site's own templates: `FORM_RENDERER` names it."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


class Stepper(forms.NumberInput):
    """A number with buttons that take one away and add one."""

    template_name = "components/widgets/stepper.html"


class Chips(forms.RadioSelect):
    """A choice of one, as chips in a row."""

    template_name = "components/widgets/chips.html"


class CheckChips(forms.CheckboxSelectMultiple):
    """A choice of several, as chips in a row."""

    template_name = "components/widgets/chips.html"


class Combobox(forms.TextInput):
    """A text with suggestions; whatever else one types is fine too."""

    template_name = "components/widgets/combobox.html"

    def __init__(
        self,
        suggestions: Iterable[str] | Callable[[], Iterable[str]] = (),
        attrs: dict | None = None,
    ) -> None:
        """Suggest these; a function is asked for them when the field is drawn."""
        self.suggestions = suggestions
        super().__init__(attrs)

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["suggestions"] = list(
            self.suggestions() if callable(self.suggestions) else self.suggestions
        )
        if identity := widget["attrs"].get("id"):
            widget["attrs"]["list"] = f"{identity}_suggestions"
        return context


# The validator, and the browser's name for the same mistake (ValidityState's, as a data attribute
# spells it). Lengths are left to the server, whose message counts what was typed.
RULES: dict[type[BaseValidator | EmailValidator | URLValidator], str] = {
    MinValueValidator: "range-underflow",
    MaxValueValidator: "range-overflow",
    EmailValidator: "type-mismatch",
    URLValidator: "type-mismatch",
}


def words_of(field: forms.Field) -> dict[str, str]:
    """Return what the server would say about a field, by the browser's name of the mistake."""
    words = {}
    if field.required and "required" in field.error_messages:
        words["value-missing"] = str(field.error_messages["required"])
    if "invalid" in field.error_messages:
        words["bad-input"] = words["type-mismatch"] = str(field.error_messages["invalid"])
    for validator in field.validators:
        for kind, mistake in RULES.items():
            if isinstance(validator, kind):
                words[mistake] = _message(validator)
    return words


def _message(validator: BaseValidator | EmailValidator | URLValidator) -> str:
    message = str(validator.message)
    limit = getattr(validator, "limit_value", None)
    if limit is None:
        return message
    return message % {"limit_value": limit() if callable(limit) else limit}
