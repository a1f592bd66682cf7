"""The tag library of the components, which finds mistakes when a template is compiled.

Django refuses an argument that a tag does not have. This library also refuses a literal that the
argument's annotation does not allow, so that `{% button kind="primry" %}` never reaches a page.
"""

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Literal, get_args, get_origin, get_type_hints

from django.template import Library, Node, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token
from django.template.library import TagHelperNode
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

type Compile = Callable[[Parser, Token], Node]

#: What Django itself passes to a tag's function.
GIVEN = ("context", "content")


class ComponentLibrary(Library):
    """A library whose tags check literals against `Literal[…]` annotations."""

    def tag(self, name: Any = None, compile_function: Any = None) -> Any:
        if compile_function is not None:
            compile_function = _checked(name, compile_function)
        return super().tag(name, compile_function)


def _checked(name: str, compile_function: Compile) -> Compile:
    function = inspect.unwrap(compile_function)
    allowed = _allowed(function)
    parameters = [p for p in inspect.signature(function).parameters if p not in GIVEN]

    @wraps(compile_function)
    def compile_checked(parser: Parser, token: Token) -> Node:
        node = compile_function(parser, token)
        for parameter, literal in _literals(node, parameters):
            if literal not in allowed.get(parameter, (literal,)):
                words = ", ".join(str(word) for word in allowed[parameter])
                raise TemplateSyntaxError(
                    f"{name!r} has no {parameter} {literal!r}. Choose one of: {words}."
                )
        return node

    return compile_checked


def _allowed(function: Callable[..., Any]) -> dict[str, tuple[Any, ...]]:
    hints = get_type_hints(function)
    return {n: get_args(hint) for n, hint in hints.items() if get_origin(hint) is Literal}


def _literals(node: Node, parameters: list[str]) -> Iterator[tuple[str, str]]:
    if not isinstance(node, TagHelperNode):
        return
    given = [*zip(parameters, node.args, strict=False), *node.kwargs.items()]
    for parameter, expression in given:
        if isinstance(expression, FilterExpression) and isinstance(expression.var, str):
            yield parameter, expression.var


def rendered(component: str, **values: object) -> SafeString:
    """Return the markup of `templates/components/<component>.html` filled with `values`."""
    return render_to_string(f"components/{component}.html", values)


register = ComponentLibrary()
