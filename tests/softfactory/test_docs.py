"""The documentation is true, as far as a program can tell: variables, codes, addresses, links."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest
from django.conf import settings
from django.core.management import get_commands

from bookings.slots import Reason
from softfactory.kernel.api.schema import METHODS, schema
from softfactory.kernel.http import limits

ROOT = settings.BASE_DIR
README = ROOT / "README.md"
API = ROOT / "docs" / "guide" / "api.md"
PAGES = [README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
APPS = ("softfactory", "bookings", "sns", "subscriptions", "monitoring")

# What REST framework raises by itself; `kernel.http.problems` passes it on.
OF_THE_FRAMEWORK = {
    "method_not_allowed",
    "not_authenticated",
    "not_found",
    "parse_error",
    "permission_denied",
    "unsupported_media_type",
}
NAMED_FILE = re.compile(r"`((?:[\w.-]+/)+[\w.-]*\.(?:py|md|html|mjs|css|js|json|txt|svg))`")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


# --- Variables ------------------------------------------------------------------------------


def variables_read():
    """Every variable that the settings and gunicorn read from the environment."""
    text = (ROOT / "softfactory/settings.py").read_text() + (ROOT / "gunicorn.conf.py").read_text()
    return set(re.findall(r'(?:env_\w+|environ\.get)\(\s*["\']([A-Z_]+)', text))


def test_the_readme_explains_every_variable():
    explained = re.findall(r"^\| `([A-Z_]+)` \|", README.read_text(), re.MULTILINE)
    assert sorted(explained) == sorted(variables_read())


def test_the_example_environment_shows_every_variable():
    shown = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(shown) == sorted(variables_read())


# --- The API --------------------------------------------------------------------------------


@cache
def nodes() -> list[ast.AST]:
    """The syntax of all our code."""
    paths = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    return [node for path in paths for node in ast.walk(ast.parse(path.read_text()))]


@cache
def places_of_codes() -> dict[str, int]:
    """Where a call of each function, or class, takes a parameter named `code`."""
    classes = {node.name: node for node in nodes() if isinstance(node, ast.ClassDef)}
    places = {}
    for node in nodes():
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args]
            if "code" in names and names[0] != "self":
                places[node.name] = names.index("code")
    places["DomainError"] = 0
    for _generation in range(3):
        for name, node in classes.items():
            for base in node.bases:
                if getattr(base, "id", "") in places:
                    places[name] = places[base.id]
    return places


def codes_passed(call: ast.Call) -> Iterator[ast.expr]:
    """What a call passes as a code: by name, by place, or to the base class."""
    yield from (keyword.value for keyword in call.keywords if keyword.arg == "code")
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    place = 0 if name == "__init__" else places_of_codes().get(name)
    if place is not None:
        yield from call.args[place : place + 1]


def codes_kept(node: ast.Assign) -> Iterator[ast.expr]:
    """What is assigned to the names under which codes are kept."""
    name = getattr(node.targets[0], "id", "")
    if name == "default_code":
        yield node.value
    if name == "default_error_messages" and isinstance(node.value, ast.Dict):
        yield from filter(None, node.value.keys)
    if name == "CODES" and isinstance(node.value, ast.Dict):
        yield from node.value.values


def codes_said(node: ast.Dict) -> Iterator[ast.expr]:
    """The code of an error that is written out."""
    for key, value in zip(node.keys, node.values, strict=True):
        if getattr(key, "value", "") == "code":
            yield value


def codes_in_code() -> set[str]:
    """Every code that a problem, or an error of a field, may carry by our own doing."""
    find = {ast.Call: codes_passed, ast.Assign: codes_kept, ast.Dict: codes_said}
    found = [value for node in nodes() for value in find.get(type(node), lambda _: ())(node)]
    written = {getattr(value, "value", None) for value in found}
    refused = {reason.value for reason in Reason}
    return {code for code in written if isinstance(code, str)} | refused | OF_THE_FRAMEWORK


def test_every_code_of_a_refusal_is_documented():
    documented = set(re.findall(r"`([a-z_]+)`", API.read_text()))
    assert codes_in_code() - documented == set()


def test_every_operation_is_documented():
    text = API.read_text()
    operations = [
        (method.upper(), path)
        for path, methods in schema()["paths"].items()
        for method in METHODS
        if method in methods
    ]
    row = "^\\| {} \\| `{}` \\|"
    missing = [
        operation
        for operation in operations
        if not re.search(row.format(*map(re.escape, operation)), text, re.MULTILINE)
    ]
    assert missing == []


def test_nothing_is_documented_that_is_not_there():
    documented = re.findall(r"^\| ([A-Z]+) \| `(/api/[^`]*)` \|", API.read_text(), re.MULTILINE)
    paths = {"/api/schema": {"get"}, "/api/docs": {"get"}} | schema()["paths"]
    assert [(m, path) for m, path in documented if m.lower() not in paths.get(path, {})] == []


def test_the_limits_are_those_that_are_held():
    held = [limit for limit in vars(limits).values() if isinstance(limit, limits.Limit)]
    assert held
    assert [limit for limit in held if f"| {limit.most} a minute |" not in API.read_text()] == []


# --- Pages ----------------------------------------------------------------------------------


def headings(page) -> set[str]:
    """The anchors of a page's headings, as the usual viewers make them."""
    titles = re.findall(r"^#+ (.+)$", FENCED.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title).lower().replace(" ", "-") for title in titles}


@each_page
def test_every_link_inside_the_tree_leads_somewhere(page):
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", FENCED.sub("", page.read_text())):
        if "://" in link:
            continue
        path, _hash, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in headings(target)):
            broken.append(link)
    assert broken == []


@each_page
def test_every_file_that_is_named_exists(page):
    named = NAMED_FILE.findall(page.read_text())
    assert [path for path in named if not (ROOT / path).exists()] == []


@each_page
def test_every_command_that_is_shown_exists(page):
    text = page.read_text()
    commands = set(re.findall(r"manage\.py (\w+)", text))
    assert commands - set(get_commands()) == set()
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    made = set(re.findall(r"(?:`|^)(?:[A-Z_]+=\S+ )*make ([\w-]+)", text, re.MULTILINE))
    assert made - targets == set()


def test_the_index_leads_to_every_page():
    index = ROOT / "docs" / "README.md"
    links = re.findall(r"\]\(([^)#\s]+)", index.read_text())
    linked = {(index.parent / link).resolve() for link in links} | {index}
    assert [str(page) for page in PAGES if "docs" in page.parts and page not in linked] == []
