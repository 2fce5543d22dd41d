"""`manage.py messages`, on a small project of its own."""

import os
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from conference_site.languages import messages

PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext_lazy, npgettext, pgettext_lazy
from django.utils import translation

def words(count, name):
    _("Hello, %(name)s")
    gettext_lazy("Joined "
                 "text")
    translation.gettext_noop("By attribute")
    ngettext_lazy("%(n)s goal", "%(n)s goals", "n")
    npgettext("page", "{n} item", "{n} items", count)
    pgettext_lazy("month", "May")
    _(name)
    print("Not a message")
"""
TEMPLATE = """
{% load i18n %}<p title="{% translate "A title" %}" lang="{{ name|default:_("Nobody") }}">{% trans 'Context' context "verb" %}</p>
{% blocktranslate trimmed with shown=name %}
  Two lines
  of {{ shown }}
{% endblocktranslate %}
{% blocktranslate count counter=n context "list" %}one row{% plural %}{{ counter }} rows{% endblocktranslate %}
{# _("In a comment") #} _("In text, though not a message") {% comment %}{% translate "Left out" %}{% endcomment %}
"""
SCRIPT = "const _ = 1; label.title = gettext('Don\\'t'); ngettext(\"%s row\", \"%s rows\", n); other('x')"


@pytest.fixture
def project(tmp_path: Path, settings) -> Path:
    """A folder with a module, a template, a script, and files that aren't sources; the catalogues are below it."""
    files = {
        "app/words.py": PYTHON,
        "app/templates/page.html": TEMPLATE,
        "static/words.js": SCRIPT,
        "tests/test_words.py": '_("In a test")',
        "app/migrations/0001.py": '_("In a migration")',
        "var/copy.py": '_("In var")',
        ".venv/library.py": '_("In an environment")',
        "env/pyvenv.cfg": "",
        "env/library.py": '_("In another environment")',
        "app/page.html": '{% translate "In no template folder" %}',
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    settings.BASE_DIR, settings.LOCALE_PATHS = tmp_path, [tmp_path / "locale"]
    return tmp_path


def run(*arguments: str) -> None:
    call_command("messages", *arguments, verbosity=0)


def catalogue(project: Path, language: str = "ar", domain: str = "django") -> Path:
    return project / "locale" / language / "LC_MESSAGES" / f"{domain}.po"


def translate(path: Path, english: str, *translations: str) -> None:
    """Write the translation, or the plural forms, of a message into the catalogue."""
    before, mark, entry = path.read_text(encoding="utf-8").partition(f'msgid "{english}"\n')
    plural, gap, after = entry.partition("msgstr")
    assert (mark, gap) != ("", "")
    numbers = [f"[{number}]" for number in range(len(translations))] if len(translations) > 1 else [""]
    lines = "".join(f'msgstr{number} "{form}"\n' for number, form in zip(numbers, translations, strict=True))
    path.write_text(f"{before}{mark}{plural}{lines}\n{after.partition('\n\n')[2]}", encoding="utf-8")


def everything() -> dict[str, set[tuple]]:
    return {domain: set(found) for domain, found in messages.sources().items()}


def test_29_messages_are_found_wherever_django_would_translate_them(project):
    assert everything() == {
        "django": {
            (None, "Hello, %(name)s"),
            (None, "Joined text"),
            (None, "By attribute"),
            (None, "%(n)s goal", "%(n)s goals"),
            ("page", "{n} item", "{n} items"),
            ("month", "May"),
            (None, "A title"),
            (None, "Nobody"),
            ("verb", "Context"),
            (None, "Two lines of %(shown)s"),
            ("list", "one row", "%(counter)s rows"),
        },
        "djangojs": {(None, "Don't"), (None, "%s row", "%s rows")},
    }


def test_21_a_new_catalogue_has_six_plural_forms_and_names_files_without_lines(project):
    run()
    text = catalogue(project).read_text(encoding="utf-8")
    assert '"Plural-Forms: nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : ' in text
    assert (
        '#: app/words.py\n#, python-format\nmsgid "%(n)s goal"\nmsgid_plural "%(n)s goals"\n'
        + "".join(f'msgstr[{n}] ""\n' for n in range(6))
        + "\n"
    ) in text
    assert catalogue(project, "en").exists() is False


def test_29_updating_keeps_translations_drops_what_is_gone_and_guesses_nothing(project):
    run()
    path = catalogue(project)
    translate(path, "A title", "عنوان")
    translate(path, "Nobody", "لا أحد")
    (project / "app/templates/page.html").write_text('{% translate "A title" %}{% translate "Nobody at all" %}')
    run()
    found = {message.id: message.string for message in messages.read("ar", "django") if message.id}
    assert (found["A title"], found["Nobody at all"], "Nobody" in found) == ("عنوان", "", False)
    assert "#~" not in path.read_text(encoding="utf-8")
    before = path.stat().st_mtime_ns
    run()
    assert path.stat().st_mtime_ns == before


def problems(project: Path) -> list[str]:
    return [problem.split(": ", 1)[1] for problem in messages.problems()]


@pytest.fixture
def small(project: Path) -> Path:
    """The project with one module of two messages, both translated."""
    (project / "static/words.js").unlink()
    (project / "app/templates/page.html").unlink()
    (project / "app/words.py").write_text('_("Hello, %(name)s")\nngettext("%(n)s goal of {x}", "%(n)s goals of {x}", n)')
    run()
    translate(catalogue(project), "Hello, %(name)s", "أهلًا %(name)s")
    translate(
        catalogue(project),
        "%(n)s goal of {x}",
        "لا أهداف {x}",
        "هدف {x}",
        "هدفا {x}",
        "%(n)s أهداف {x}",
        "%(n)s هدفًا {x}",
        "%(n)s هدف {x}",
    )
    return project


def test_29_a_complete_catalogue_passes(small):
    assert problems(small) == []
    run("--check")


def test_29_what_is_missing_is_told(small):
    catalogue(small).unlink()
    assert problems(small) == ["is missing; run manage.py messages"]
    with pytest.raises(CommandError, match=r"ar/LC_MESSAGES/django\.po: is missing"):
        run("--check")


def test_29_what_is_untranslated_is_told(small):
    translate(catalogue(small), "Hello, %(name)s", "")
    assert problems(small) == ["untranslated: 'Hello, %(name)s'"]


def test_29_what_is_fuzzy_is_told(small):
    path = catalogue(small)
    path.write_text(
        path.read_text(encoding="utf-8").replace('#, python-format\nmsgid "Hello', '#, fuzzy, python-format\nmsgid "Hello')
    )
    assert problems(small) == ["fuzzy: 'Hello, %(name)s'"]


def test_29_sources_that_have_changed_are_told(small):
    (small / "app/words.py").write_text('_("Hello, %(name)s")')
    assert problems(small) == ["differs from the sources; run manage.py messages"]


@pytest.mark.parametrize("wrong", ["أهلًا", "أهلًا %(nome)s", "أهلًا %(name)s %(name)s", "أهلًا {name}"])
def test_29_a_placeholder_that_was_lost_or_changed_is_told(small, wrong):
    translate(catalogue(small), "Hello, %(name)s", wrong)
    assert [problem.split(" ")[0] for problem in problems(small)] == ["placeholders"]


def test_21_only_forms_of_a_single_number_may_leave_it_out(small):
    forms = ["لا أهداف {x}", "هدف {x}", "هدفا {x}", "أهداف {x}", "%(n)s هدفًا {x}", "%(n)s هدف {x}"]
    translate(catalogue(small), "%(n)s goal of {x}", *forms)
    assert [problem.split(": ")[0] for problem in problems(small)] == ["placeholders ['{x}'] for ['%(n)s', '{x}']"]


def test_29_compiling_writes_what_django_reads_and_only_when_it_must(small):
    (written,) = messages.compile_all()
    assert written == catalogue(small).with_suffix(".mo")
    with written.open("rb") as file:
        compiled = GNUTranslations(file)
    assert compiled.gettext("Hello, %(name)s") == "أهلًا %(name)s"
    assert [compiled.ngettext("%(n)s goal of {x}", "", n) for n in (0, 1, 2, 3, 11, 100)] == [
        "لا أهداف {x}",
        "هدف {x}",
        "هدفا {x}",
        "%(n)s أهداف {x}",
        "%(n)s هدفًا {x}",
        "%(n)s هدف {x}",
    ]
    assert messages.compile_all() == []
    newer = written.stat().st_mtime + 10
    os.utime(catalogue(small), (newer, newer))
    assert messages.compile_all() == [written]


def test_29_a_third_language_gets_a_catalogue_with_its_own_plurals_and_is_english_until_it_is_translated(small, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("fr", "Français")]
    run()
    text = catalogue(small, "fr").read_text(encoding="utf-8")
    assert '"Language: fr\\n"' in text
    assert "nplurals=3" in text
    assert {problem.split(": ")[0] for problem in problems(small)} == {"untranslated"}
    run("--compile")
    with catalogue(small, "fr").with_suffix(".mo").open("rb") as file:
        assert GNUTranslations(file).gettext("Hello, %(name)s") == "Hello, %(name)s"
