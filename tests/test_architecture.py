"""The rules that keep the rooms apart, and the two languages out of the code."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ["richtext", "languages", "search", "media", "accounts", "publishing", "navigation", "audit", "visits"]
ROOMS += ["proofreading", "links", "desk", "delivery", "cards", "operations", "archives"]
APPS = ["pages", "partners", "news"]
"""Lowest first: an app may import those before it, and every capability."""
TOP = {f"conference_site.{name}" for name in ("urls", "views", "home", "design", "sitemaps")}


def sources(folder: str, pattern: str) -> list[Path]:
    return [path for path in (ROOT / folder).rglob(pattern) if "migrations" not in path.parts]


def imports(path: Path) -> set[str]:
    """The modules that a file imports, by their dotted names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def offences(files: list[Path], pattern: str) -> list[str]:
    """``file:line: text`` of each line that the pattern finds; comments of stylesheets don't count."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files
        for number, line in enumerate(re.sub(r"/\*.*?\*/", blank, path.read_text(), flags=re.DOTALL).splitlines(), 1)
        if re.search(pattern, line)
    ]


def blank(comment: re.Match) -> str:
    return "\n" * comment[0].count("\n")


@pytest.mark.parametrize("room", ROOMS)
def test_a_capability_imports_no_app(room):
    taken = {(path.name, name) for path in sources(f"conference_site/{room}", "*.py") for name in imports(path)}
    assert {(file, name) for file, name in taken if name.split(".")[0] in APPS or name in TOP} == set()


@pytest.mark.parametrize("app", APPS)
def test_an_app_imports_only_lower_apps(app):
    higher = APPS[APPS.index(app) + 1 :]
    taken = {(path.name, name) for path in sources(app, "*.py") for name in imports(path)}
    assert {(file, name) for file, name in taken if name.split(".")[0] in higher or name in TOP} == set()


def test_1_8_no_physical_direction_in_stylesheets():
    physical = (
        r"(margin|padding|border|inset)-(left|right|top|bottom)\b|(^|[\s;{])(left|right|top|bottom)\s*:"
        r"|(^|[\s;{])(min-|max-)?(width|height)\s*:|text-align:\s*(left|right|justify)"
        r"|float:\s*(left|right)|row-reverse|(^|[\s;{])direction\s*:"
    )
    assert offences(sources("static", "*.css"), physical) == []


def test_no_language_is_named_in_code():
    """A third language costs no line of code: what depends on a language is asked of `languages` and the settings."""
    files = [path for folder in (*APPS, "conference_site") for path in sources(folder, "*.py")]
    files = [
        path
        for path in files
        if path.name not in ("settings.py", "sorting.py", "lexemes.py", "rules.py") and "formats" not in path.parts
    ]
    assert offences(files, r"""_(ar|en)\b|["'](ar|en)["']""") == []


def test_no_language_is_named_in_templates():
    assert offences(sources("templates", "*.html"), r"""_(ar|en)\b|["'](ar|en)["']|lang(uage)?\s*==""") == []


def test_templates_mark_nothing_safe_and_read_no_translated_column():
    fields = "title|name|summary|body|introduction|message|note|acronym|role|description|country|network|place|purpose|theme"
    column = rf"(?<!version|account)\.({fields})\s*(\}}\}}|\|)(?!.*page_obj)"
    assert offences(sources("templates", "*.html"), rf"\|\s*safe\b|autoescape|{column}") == []


def test_public_templates_have_small_scripts_and_no_style_attribute():
    public = [
        path
        for path in sources("templates", "*.html")
        if not {"admin", "desk", "account", "mfa", "usersessions"} & set(path.parts)
    ]
    scripts = r"""{% include "scripts/suggestions.js" %}</script>| src="{% static 'share.js' %}"></script>"""
    allowed = rf' type="application/ld\+json"| type="module"(?:>{scripts})'
    assert offences(public, rf"<script(?!{allowed})|\sstyle=|\son[a-z]+=") == []
    assert sum(path.stat().st_size for path in sources("templates/scripts", "*.js")) <= 2_048
    assert (ROOT / "static" / "share.js").stat().st_size <= 1_024
