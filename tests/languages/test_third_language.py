"""A third language costs one entry in the settings, what makemigrations writes, a catalogue, and content.

Proved in a copy of the project, in processes and a database of its own.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

SOURCES = ("conference_site", "pages", "partners", "news", "templates", "static", "locale", "manage.py")

VISIT = """
import json
from django.test import Client
from pages.models import Goal
from conference_site.operations import content
from conference_site.publishing import aggregate, working_copies

content.load()
goal = Goal.objects.first()
with working_copies.applied(goal) as copy:
    copy.title_fr, copy.summary_fr = "Des zones d’innovation", "Des lieux de recherche."
    data = aggregate.snapshot(copy)
working_copies.save(goal, data)
working_copies.publish(goal, ["fr"])
paths = ["/fr/", "/fr/goals/", goal.url_in("fr"), Goal.objects.last().url_in("fr"), goal.url_in("en"), "/fr/news/", "/fr/rien/"]
answers = [Client().get(path, headers={"Host": "localhost"}) for path in paths]
print("ANSWERS", json.dumps([[answer.status_code, answer.content.decode()] for answer in answers]))
"""


@pytest.fixture
def database(django_db_setup):
    """The address of an empty database beside the test's own."""
    name = f"third_language_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    address = re.sub(r"/[^/]*$", f"/{name}", os.environ["DATABASE_URL"])
    parameters = connection.get_connection_params() | {"dbname": "postgres", "autocommit": True}
    parameters = {
        key: value for key, value in parameters.items() if key in ("dbname", "user", "host", "port", "password", "autocommit")
    }
    with psycopg.connect(**parameters) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
        yield address
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project with French among its languages."""
    for name in SOURCES:
        source = settings.BASE_DIR / name
        ignore = shutil.ignore_patterns("__pycache__", "*.mo")
        (shutil.copytree(source, tmp_path / name, ignore=ignore) if source.is_dir() else shutil.copy(source, tmp_path / name))
    path = tmp_path / "conference_site" / "settings.py"
    text = path.read_text()
    assert text.count('("en", "English")]') == 1
    path.write_text(text.replace('("en", "English")]', '("en", "English"), ("fr", "Français")]'))
    return tmp_path


def translate(project: Path, message: str, translation: str) -> None:
    path = project / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    text = path.read_text()
    assert text.count(f'msgid "{message}"\nmsgstr ""') == 1
    path.write_text(text.replace(f'msgid "{message}"\nmsgstr ""', f'msgid "{message}"\nmsgstr "{translation}"'))


@pytest.mark.proof
def test_the_site_runs_with_french_added(project: Path, database: str):
    environment = os.environ | {
        "DATABASE_URL": database,
        "STATIC_ROOT": str(settings.STATIC_ROOT),
        "MEDIA_ROOT": str(project / "media"),
    }

    def manage(*arguments: str) -> str:
        command = [sys.executable, "-W", "ignore", "manage.py", *arguments]
        done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    manage("makemigrations")
    manage("migrate")
    manage("messages")
    translate(project, "Goals", "Objectifs")
    manage("messages", "--compile")
    answers = json.loads(re.search(r"^ANSWERS (.*)$", manage("shell", "-v0", "-c", VISIT), re.MULTILINE)[1])
    home, goals, translated, untranslated, english, news, missing = (html for _status, html in answers)

    assert [status for status, _html in answers] == [200, 200, 200, 200, 200, 200, 404]
    assert all('<html lang="fr" dir="ltr"' in html for html in (home, goals, translated, news, missing))
    assert "Objectifs" in home
    assert re.search(r"<h1[^>]*>\s*Des zones d’innovation", translated)
    assert 'hreflang="fr"' in english
    assert re.search(r'<h1 lang="ar" dir="rtl"', untranslated)
    assert "noindex" in untranslated
