"""Queries as silk records them: whatever goes to the database, whoever found its words.

silk looks at what Django compiles. Statements that are kept, and plain SQL, would pass it by.
"""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from django.db.models.sql.compiler import SQLCompiler
from silk import sql as silk

RECORDED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


class Statement:
    """A statement on its way to the database, as silk's hook takes a compiler."""

    def __init__(
        self, execute: Callable[..., Any], text: str, params: Any, many: bool, context: Mapping
    ) -> None:
        self.connection = context["connection"]
        # silk counts apart what its own tables cost.
        owner = "silk.models" if '"silk_' in text else ""
        self.query = SimpleNamespace(model=SimpleNamespace(__module__=owner))
        self._text, self._params = text, params
        self._execute_sql = lambda: execute(text, params, many, context)

    def as_sql(self) -> tuple[str, Any]:
        return self._text, self._params or ()


def record(
    execute: Callable[..., Any], text: str, params: Any, many: bool, context: Mapping
) -> Any:
    """Run a statement and let silk record it; for `connection.execute_wrapper()`."""
    if many or not text.lstrip().startswith(RECORDED):
        return execute(text, params, many, context)
    return silk.execute_sql(Statement(execute, text, params, many, context))


def install() -> None:
    """Keep silk from looking at compilers too: it believes that it does so already."""
    SQLCompiler._execute_sql = SQLCompiler.execute_sql  # type: ignore[attr-defined]
