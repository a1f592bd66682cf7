"""Templates say what the business has, and nothing that they are not given."""

import pytest

from sns.placeholders import PLACEHOLDERS, fill, names_in
from softfactory.kernel.problems import DomainError

VALUES = {"chef.name": "Nari", "slot.time": "18:00", "review.text": "So {chef.name}! {{"}


def refusal_of(text):
    with pytest.raises(DomainError) as refused:
        fill(text, VALUES)
    return refused.value.code


def test_names_are_filled_in():
    assert fill("{chef.name} is free at { slot.time }", VALUES) == "Nari is free at 18:00"


def test_what_is_filled_in_is_not_looked_at_again():
    assert fill("“{review.text}”", VALUES) == "“So {chef.name}! {{”"


def test_a_brace_that_is_meant():
    assert fill("{{chef.name}} }}{{", VALUES) == "{chef.name} }{"


def test_names_in_order_and_once():
    text = "{slot.time} {chef.name} {{x}} {slot.time}"

    assert names_in(text) == ["slot.time", "chef.name"]


@pytest.mark.parametrize(
    "text",
    [
        "{chef}",
        "{chef.nam}",
        "{chef.name.__class__}",
        "{chef.name!r}",
        "{chef.name:>1000000000}",
        "{0}",
        "{}",
        "{settings.SECRET_KEY}",
        "{chef.__init__.__globals__}",
    ],
)
def test_only_names_of_the_list_mean_anything(text):
    assert refusal_of(text) == "placeholder_unknown"


def test_a_mistake_is_named():
    with pytest.raises(DomainError, match=r"There is no \{chef\.nam\}"):
        names_in("Hello {chef.nam}")


@pytest.mark.parametrize("text", ["{", "}", "{chef.name", "chef.name}", "{{{chef.name", "a {{ b }"])
def test_a_brace_alone(text):
    assert refusal_of(text) == "placeholder_open"


def test_nothing_to_fill_in():
    assert refusal_of("{menu.name}") == "placeholder_empty"


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_each_name_of_the_list_is_one(name):
    assert names_in(f"{{{name}}}") == [name]
    assert str(PLACEHOLDERS[name])
