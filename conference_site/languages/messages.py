"""The message catalogues: extracted from the sources, compiled, and checked, without GNU gettext.

English, the language of the sources (``LANGUAGE_CODE``), has no catalogue; every other language of ``LANGUAGES`` has
``locale/<language>/LC_MESSAGES/<domain>.po``, and beside it the ``.mo`` that the site reads.
"""

import ast
import io
import os
import re
from collections import Counter
from collections.abc import Iterator
from gettext import c2py
from gettext import translation as read_catalogue
from itertools import takewhile
from pathlib import Path

import django.conf
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

# Where messages are looked for: Django's domain of Python and templates, and that of scripts.
DOMAINS = ("django", "djangojs")
TEMPLATES = (".html", ".txt", ".xml", ".svg")
NOT_SOURCES = {"tests", "migrations", "var", "node_modules", "__pycache__"}

# The functions that mark a message. What stands in their first arguments: a context (p), a text, a text for the plural (n).
FUNCTION = re.compile(r"_|(?P<number>n?)(?P<context>p?)gettext(?:_lazy|_noop)?")
# A call of one of them with nothing but literals, up to the first argument that isn't one.
STRING = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
CALL = re.compile(rf"(?<!\w)(?:_|n?p?gettext)\(\s*{STRING}(?:\s*,\s*{STRING})*", re.DOTALL)

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w*\}")

HEADER = """\
# The site's messages. `manage.py messages` keeps their list; only the msgstr are written by hand.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""


def languages() -> list[str]:
    """The languages that need a catalogue."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def catalogue_path(language: str, domain: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / to_locale(language) / "LC_MESSAGES" / f"{domain}.po"


# From the sources to a catalogue


def sources() -> dict[str, dict[tuple, set[str]]]:
    """For each domain, ``{(context or None, message[, its plural]): {files}}`` of the whole project."""
    found: dict[str, dict[tuple, set[str]]] = {domain: {} for domain in DOMAINS}
    for path in _source_files(settings.BASE_DIR):
        text = path.read_text(encoding="utf-8")
        if path.suffix in TEMPLATES:
            text = templatize(text, origin=str(path))
        domain = "djangojs" if path.suffix == ".js" else "django"
        for message in _messages(ast.parse(text if path.suffix == ".py" else _calls(text), filename=str(path))):
            found[domain].setdefault(message, set()).add(path.relative_to(settings.BASE_DIR).as_posix())
    return found


def _source_files(folder: Path) -> Iterator[Path]:
    """The Python files, scripts and templates below ``folder``."""
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            is_environment = (path / "pyvenv.cfg").exists()
            if path.name not in NOT_SOURCES and not path.name.startswith(".") and not is_environment:
                yield from _source_files(path)
        elif path.suffix in (".py", ".js") or (path.suffix in TEMPLATES and "templates" in path.parts):
            yield path


def _calls(text: str) -> str:
    """The calls in a script, or in what `templatize` makes of a template, as lines of Python."""
    return "\n".join(f"{call})" for call in CALL.findall(text))


def _messages(tree: ast.AST) -> Iterator[tuple]:
    """``(context or None, message[, its plural])`` of every call that marks one. What is computed is left out."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = FUNCTION.fullmatch(getattr(node.func, "id", getattr(node.func, "attr", "")))
        literals = takewhile(lambda argument: isinstance(argument, ast.Constant), node.args)
        arguments = [argument.value for argument in literals]
        if function and arguments:
            context = arguments.pop(0) if function["context"] else None
            yield context, *arguments[: 2 if function["number"] else 1]


def update_all() -> list[Path]:
    """Bring every catalogue up to date with the sources, and return what was written."""
    written, found = [], sources()
    for language in languages():
        for domain in DOMAINS:
            path = catalogue_path(language, domain)
            text = updated(language, domain, found[domain])
            before = path.read_text(encoding="utf-8") if path.exists() else ""
            if text != before and (before or found[domain]):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
                written.append(path)
    return written


def updated(language: str, domain: str, found: dict[tuple, set[str]]) -> str:
    """The catalogue's file as it should be: every message that was ``found``, with the translation that the file has for it now.

    Other messages are left out, and no translation is guessed from a similar message.
    """
    old, new = read(language, domain), Catalog(to_locale(language), fuzzy=False)
    new.mime_headers = [("Plural-Forms", _plural_forms(language))]
    for (context, *ids), files in sorted(found.items(), key=lambda item: (item[0][1:], item[0][0] or "")):
        known = old.get(ids[0], context) if old else None
        places = [(file, None) for file in sorted(files)]
        message = Message(tuple(ids) if len(ids) > 1 else ids[0], context=context, locations=places)
        if known and known.pluralizable == message.pluralizable:
            message.string, message.user_comments = known.string, known.user_comments
            message.flags |= known.flags & {"fuzzy"}
        new[message.id] = message
    body = io.BytesIO()
    write_po(body, new, width=0, omit_header=True)
    return HEADER.format(language=to_locale(language), plural_forms=_plural_forms(language)) + body.getvalue().decode()


# Catalogues


def read(language: str, domain: str) -> Catalog | None:
    """The catalogue as it stands in its file; None where there is none."""
    path = catalogue_path(language, domain)
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, to_locale(language), abort_invalid=True)


def compile_all() -> list[Path]:
    """Write the ``.mo`` of every catalogue that is newer than its own, and return what was written."""
    written = []
    for language in languages():
        for domain in DOMAINS:
            source = catalogue_path(language, domain)
            target = source.with_suffix(".mo")
            if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
                continue
            # Written aside and moved, because another process may be reading or writing the same file.
            aside = target.with_suffix(f".{os.getpid()}")
            with aside.open("wb") as file:
                write_mo(file, read(language, domain))
            aside.replace(target)
            written.append(target)
    return written


def _plural_forms(language: str) -> str:
    """The rule of Django's own catalogue for the language: with a rule of ours, Django would use now one, now the other."""
    locales = Path(django.conf.__file__).parent / "locale"
    own = read_catalogue("django", locales, [to_locale(language)], fallback=True)
    return own.info().get("plural-forms", "nplurals=2; plural=(n != 1);")


# What is wrong with them


def problems() -> Iterator[str]:
    """Everything because of which a reader could meet English, or an error, in another language; each with its place."""
    found = sources()
    for language in languages():
        for domain in DOMAINS:
            path, catalogue = catalogue_path(language, domain), read(language, domain)
            name = path.relative_to(settings.BASE_DIR)
            if catalogue is None:
                if found[domain]:
                    yield f"{name}: is missing; run manage.py messages"
                continue
            if path.read_text(encoding="utf-8") != updated(language, domain, found[domain]):
                yield f"{name}: differs from the sources; run manage.py messages"
            for message in catalogue:
                if message.id:
                    yield from (f"{name}: {problem}: {message.id!r}" for problem in _problems(message, catalogue))


def _problems(message: Message, catalogue: Catalog) -> Iterator[str]:
    forms = message.string if message.pluralizable else [message.string]
    if message.fuzzy:
        yield "fuzzy"
    if not all(forms):
        yield "untranslated"
        return
    texts = message.id if message.pluralizable else [message.id]
    expected = Counter(PLACEHOLDER.findall(texts[-1]))
    one_number = _forms_of_one_number(catalogue) if message.pluralizable else set()
    for index, form in enumerate(forms):
        actual = Counter(PLACEHOLDER.findall(form))
        says_its_number_in_words = index in one_number and actual <= expected and (expected - actual).total() == 1
        if actual != expected and not says_its_number_in_words:
            yield f"placeholders {sorted(actual)} for {sorted(expected)}"


def _forms_of_one_number(catalogue: Catalog) -> set[int]:
    """The plural forms that stand for one number only, as Arabic's first three do for 0, 1 and 2: these need not print it."""
    form = c2py(catalogue.plural_expr)
    return {index for index, numbers in Counter(map(form, range(1000))).items() if numbers == 1}
