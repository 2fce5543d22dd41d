"""Content goes out as files, and comes in again with nothing lost, as a whole or not at all."""

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError
from django.db import connections, transaction
from django.test import Client
from PIL import Image as Pillow

from conference_site.archives import content, exporting, importing, judging, media, pages
from conference_site.media.models import Image
from conference_site.publishing import working_copies
from conference_site.publishing.models import PreviewLink, Revision
from conference_site.richtext.sanitiser import clean
from conference_site.search import indexing
from news.models import NewsItem, Topic
from pages.documents import Document
from pages.models import Goal, Page
from tests.archives.conftest import (
    DRAWING,
    PASSWORD,
    TEXT,
    everything,
    files,
    fill,
    in_a_process,
    kill,
    of_content,
    refused,
    rows,
    run,
    tree,
)
from tests.builders import make
from tests.databases import empty
from tests.richtext.hostile import HOSTILE

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLES = {
    "account.emailaddress",
    "account.emailconfirmation",
    "accounts.notice",
    "accounts.preferences",
    "admin.logentry",
    "audit.entry",
    "auth.group",
    "auth.permission",
    "auth.user",
    "mfa.authenticator",
    "publishing.presence",
    "publishing.previewlink",
    "sessions.session",
    "usersessions.usersession",
    "visits.fruitlesssearch",
    "visits.visits",
}
COMPUTED = {
    "contenttypes.contenttype",
    "delivery.contentversion",
    "links.address",
    "links.place",
    "links.source",
    "search.searchentry",
}
READ = ["/ar/", "/en/", "/ar/goals/", "/en/news/", "/en/documents/call/", "/call", "/ar/search/?q=UNESCO"]


@pytest.fixture
def folder(place, tmp_path) -> Path:
    """An export of `everything`."""
    everything()
    run("export", tmp_path / "content")
    return tmp_path / "content"


def start_anew(place: Path) -> None:
    """An empty site, in which there is one account."""
    key = User.objects.get().pk
    empty()
    shutil.rmtree(place.parent / "media", ignore_errors=True)
    User.objects.create_user("noura", password=PASSWORD, pk=key)


def read() -> dict[str, str]:
    with transaction.atomic():
        return pages.digests_of([*READ, NewsItem.objects.get().get_absolute_url()])


def change(path: Path, edit: Callable[[dict], object]) -> None:
    said = json.loads(path.read_bytes())
    edit(said)
    path.write_bytes(exporting.to_bytes(said))


def item_file(folder: Path, label: str = "news.newsitem") -> Path:
    return min((folder / label).glob("*.json"))


def test_what_is_content_was_thought_of():
    """A new model belongs to one of these."""
    managed = {model._meta.label_lower for model in apps.get_models() if not model._meta.proxy}
    assert managed - content.kinds().keys() == PEOPLES | COMPUTED


def test_an_item_is_one_file_with_all_languages_and_nobodys_secrets(folder):
    said = json.loads(item_file(folder).read_bytes())
    assert said["fields"]["title"] == {"ar": NewsItem.objects.get().title_ar, "en": "Draft title"}
    assert said["fields"]["body"]["ar"] == [
        "<h2>عنوان</h2>",
        "<p>One <strong>strong</strong> word</p>",
        '<p>وقّعت <span lang="fr" dir="ltr">Oui</span></p>',
    ]
    assert (said["links"]["topics"], [part["pk"] for part in said["parts"]["pictures"]]) == ([Topic.objects.get().pk], [4])
    stages = {row["fields"]["language"]: row["fields"]["stage"] for row in said["attached"]["publishing.languageversion"]}
    assert stages == {"ar": "submitted", "en": "writing"}
    user = User.objects.get(username="noura")
    said = b"".join(tree(folder).values())
    assert user.password.encode() not in said
    assert b'"noura"' in said
    assert not {path.name for path in folder.iterdir()} & {*PEOPLES, *COMPUTED}


def test_the_same_content_is_the_same_bytes(folder, tmp_path):
    run("export", tmp_path / "again")
    assert tree(tmp_path / "again") == tree(folder)
    moments = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    assert "0 changed" in run("export", folder)
    assert {path: path.stat().st_mtime_ns for path in moments} == moments


def test_a_change_is_one_of_its_file(folder):
    before = tree(folder)
    Goal.objects.filter(title_en="Only a draft").update(title_en="Another")
    assert "1 changed" in run("export", folder)
    assert {name.partition("/")[0] for name, said in tree(folder).items() if before.get(name) != said} == {"pages.goal"}


def test_what_is_gone_goes_and_what_is_others_stays(folder):
    for name in (".git/config", "README.md", "pages.goal/notes.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("ours")
    Document.objects.get().delete()
    Image.objects.filter(withdrawn_at=None).delete()
    run("export", folder)
    assert not (folder / "pages.document").exists()
    assert len(list((folder / "media.image").iterdir())) == 1
    assert {path.read_text() for path in (folder / "README.md", folder / ".git/config", folder / "pages.goal/notes.txt")} == {
        "ours"
    }


def test_a_folder_of_others_is_left_alone(place, tmp_path):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs/export.json").write_text('{"format": 1, "files": ["../../etc/passwd"]}')
    make(Goal)
    assert "no export has made it" in refused("export", tmp_path / "theirs")
    (tmp_path / "repository/.git").mkdir(parents=True)
    run("export", tmp_path / "repository")
    new = content.path_of(make(Goal))
    (tmp_path / "repository" / new).write_text("mine")
    before = tree(tmp_path / "repository")
    assert new in refused("export", tmp_path / "repository")
    assert tree(tmp_path / "repository") == before


def test_no_link_leads_out_of_the_folder(folder, tmp_path):
    shutil.move(folder / "pages.goal", tmp_path / "elsewhere")
    (folder / "pages.goal").symlink_to(tmp_path / "elsewhere")
    Goal.objects.update(title_en="New")
    before = tree(tmp_path / "elsewhere")
    assert "link to elsewhere" in refused("export", folder)
    assert "link to elsewhere" in refused("import", folder, "--replace")
    assert tree(tmp_path / "elsewhere") == before


def test_all_of_it_is_of_one_moment(place, tmp_path, monkeypatch):
    def change_and_go_on(*args):
        other = connections.create_connection("default")
        with other.cursor() as cursor:
            cursor.execute("UPDATE pages_goal SET title_en = 'Later'")
        other.close()
        return links(*args)

    make(Goal, title_en="Before")
    links = content._links
    monkeypatch.setattr(content, "_links", change_and_go_on)
    run("export", tmp_path / "content")
    assert Goal.objects.get().title_en == "Later"
    assert "Before" in item_file(tmp_path / "content", "pages.goal").read_text()


LONG = pytest.mark.proof


@pytest.mark.parametrize("step", [pytest.param("_put", marks=LONG), pytest.param("_replace", marks=LONG), "_remove_empty"])
def test_one_that_is_killed_is_made_up_for(place, tmp_path, monkeypatch, step):
    fill()
    run("export", tmp_path / "content")
    before = tree(tmp_path / "content")
    Document.objects.get().delete()
    with monkeypatch.context() as patch:
        patch.setattr(exporting, step, kill)
        assert in_a_process(lambda: run("export", tmp_path / "content")) == -9
    if step != "_remove_empty":
        assert tree(tmp_path / "content") == before
    run("export", tmp_path / "content")
    run("export", tmp_path / "again")
    assert tree(tmp_path / "content") == tree(tmp_path / "again")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".content")) == []


def test_a_missing_file_is_named_and_comes_back_as_missing(place, tmp_path):
    everything()
    lost = Image.objects.filter(withdrawn_at=None).first().file.name
    default_storage.delete(lost)
    with pytest.raises(CommandError) as end:
        run("export", tmp_path / "content")
    assert (end.value.returncode, lost in str(end.value)) == (3, True)
    start_anew(place)
    run("import", tmp_path / "content")
    assert Image.objects.filter(file=lost).exists()


def test_everything_comes_back(folder, place, tmp_path):
    before, was, seen, media_files = tree(folder), of_content(), read(), files()
    start_anew(place)
    said = run("import", folder)
    assert "No account" not in said
    assert of_content() == was
    assert (read(), files()) == (seen, media_files)
    assert list(indexing.stale()) == []
    run("export", tmp_path / "again")
    assert tree(tmp_path / "again") == before


def test_it_replaces_what_is_there(folder, tmp_path):
    before, was = tree(folder), of_content()
    item = NewsItem.objects.get()
    PreviewLink.objects.add_to(item, 3, User.objects.get(username="noura"))
    NewsItem.objects.update(title_en="Changed")
    make(Page)
    later = Image(file=ContentFile(pixel(), "x.png"), alternative_text_en="Later")
    later.save()
    assert "--replace" in refused("import", folder)
    run("import", folder, "--replace")
    assert (of_content(), PreviewLink.objects.count(), default_storage.exists(later.file.name)) == (was, 0, False)
    run("export", tmp_path / "again")
    assert tree(tmp_path / "again") == before


def pixel() -> bytes:
    buffer = BytesIO()
    Pillow.new("RGB", (9, 9), "green").save(buffer, "PNG")
    return buffer.getvalue()


def test_authors_without_an_account_are_named(folder, place):
    start_anew(place)
    User.objects.all().delete()
    assert "noura" in run("import", folder)
    assert (Revision.objects.exclude(author=None).count(), User.objects.count()) == (0, 0)


def test_no_key_is_given_twice(folder, place):
    """Neither that of an item that is gone, of which the ledger tells, nor that of a part which only a draft has."""
    item = NewsItem.objects.get()
    data = working_copies.working_copy(item)
    data["parts"]["pictures"].append(data["parts"]["pictures"][0] | {"pk": 500})
    working_copies.save(item, data)
    run("export", folder)
    start_anew(place)
    run("import", folder)
    image = Image.objects.first()
    assert make(NewsItem).pk > 1_000
    assert NewsItem.objects.first().pictures.create(image=image).pk > 500
    assert make(Goal).pk == Goal.objects.order_by("-pk")[1].pk + 1


def test_what_a_person_writes_is_taken(folder, place):
    def edit(said):
        said["fields"]["title"]["en"] = "By hand"
        said["fields"]["body"]["en"] = TEXT
        del said["fields"]["place"]

    change(item_file(folder), edit)
    start_anew(place)
    run("import", folder)
    item = NewsItem.objects.get()
    assert (item.title_en, item.body_en) == ("By hand", TEXT)
    assert "By hand" in Client().get(item.url_in("en")).text


# What is refused


def spoil_field(name: str, value: object, language: str | None = None) -> Callable[[Path], None]:
    def edit(said):
        if language:
            said["fields"][name][language] = value
        else:
            said["fields"][name] = value

    return lambda folder: change(item_file(folder), edit)


def spoil(edit: Callable[[dict], object], label: str = "news.newsitem") -> Callable[[Path], None]:
    return lambda folder: change(item_file(folder, label), edit)


def copy(folder: Path) -> None:
    """The same item at another address."""
    file = item_file(folder)
    other = file.with_name(f"{file.name.partition('-')[0]}-x.json")
    shutil.copy(file, other)
    change(other, lambda said: said["fields"].update(slug="x"))


def rename(folder: Path) -> None:
    item_file(folder).rename(folder / "news.newsitem/other.json")


def media_file(folder: Path, suffix: str) -> Path:
    return next(path for path in sorted((folder / "media").rglob(f"*{suffix}")) if "withdrawn" not in path.parts)


SPOILT = {
    "version": (lambda folder: change(folder / "export.json", lambda said: said.update(format=2)), "export.json: the folder has"),
    "no export": (lambda folder: (folder / "export.json").unlink(), "export.json: is missing"),
    "unknown field": (spoil_field("colour", 1), ".json: colour is no field"),
    "unknown language": (spoil_field("title", "Titre", "fr"), "title: fr is no field"),
    "unknown part": (spoil(lambda said: said["parts"].update(ghosts=[])), "parts: ghosts is no field"),
    "unknown kind": (
        lambda folder: (folder / "auth.user").mkdir() or (folder / "auth.user/1.json").write_text("{}"),
        "auth.user",
    ),
    "script": (spoil_field("body", "<p>a</p><script>alert(1)</script>", "en"), "body.en: is not as the site would write it"),
    "handler": (spoil_field("body", ["<p>a</p>", "<p onclick='x()'>b</p>"], "ar"), "body.ar: is not as"),
    "hidden letter": (spoil_field("title", "a\u202eb", "en"), "title.en: is not as"),
    "script as address": (spoil_field("video_url", "javascript:alert(1)"), "video_url: Enter a valid URL"),
    "no date": (spoil_field("event_on", "tomorrow"), "event_on:"),
    "no number": (spoil_field("image", "1"), "image:"),
    "truth for a number": (spoil_field("image", True), "image:"),
    "nothing there": (spoil_field("image", 77), "there is no media.image 77"),
    "too long": (spoil_field("title", "x" * 201, "en"), "title.en:"),
    "null": (spoil_field("slug", None), "slug: must not be null"),
    "two of a key": (copy, "there is another news.newsitem"),
    "other name": (rename, "other.json: by what stands in it, this file has to be called news.newsitem/"),
    "twice the same": (lambda folder: item_file(folder).write_text('{"pk": 1, "pk": 2}'), "twice"),
    "not JSON": (lambda folder: item_file(folder).write_text("{"), "can't be read as JSON"),
    "nested": (lambda folder: item_file(folder).write_text("[" * 100_000), "can't be read as JSON"),
    "half a letter": (lambda folder: item_file(folder).write_text('{"pk": 1, "fields": {"slug": "\\ud800"}}'), "no text has"),
    "no picture": (lambda folder: media_file(folder, ".webp").unlink(), "file: the file media/images/"),
    "a page as picture": (lambda folder: media_file(folder, ".webp").write_text("<script>"), ".webp: "),
    "other picture": (lambda folder: media_file(folder, ".webp").write_bytes(pixel()), "is not a picture as the site keeps it"),
    "a page as document": (lambda folder: media_file(folder, ".pdf").write_text("<script>"), ".pdf: This file is no PDF"),
    "way out": (spoil(lambda said: said["fields"].update(file="../../etc/passwd"), "media.image"), "can't be the name"),
    "a script as drawing": (
        lambda folder: media_file(folder, ".svg").write_bytes(DRAWING.replace(b"<g>", b"<script>alert(1)</script><g>")),
        ".svg: This is not a picture as the site keeps it",
    ),
    "no texts": (spoil(lambda said: said["fields"].update(forms=["a", {}]), "search.namegroup"), "forms: must be a text"),
    "no database": (spoil(lambda said: said["fields"].update(focus_x=-1), "media.image"), "focus_x: "),
}


def test_what_is_not_as_it_should_be_changes_nothing(folder, tmp_path):
    before, said = (rows(), files()), {}
    for what, (act, _sentence) in SPOILT.items():
        shutil.copytree(folder, tmp_path / what)
        act(tmp_path / what)
        said[what] = refused("import", tmp_path / what, "--replace")
    assert {what: text for what, text in said.items() if SPOILT[what][1] not in text or "\n" in text} == {}
    assert (rows(), files()) == before


def test_no_hostile_text_gets_in(place, tmp_path):
    """Each is refused, or is what the sanitiser leaves as it is."""
    make(NewsItem, slug="x")
    run("export", tmp_path / "content")
    file = item_file(tmp_path / "content")
    taken = []
    for hostile in HOSTILE:
        change(file, lambda said, hostile=hostile: said["fields"]["body"].update(en=hostile))
        with suppress(importing.ArchiveError):
            judging.Judge(tmp_path / "content", {}).read()
            taken.append(hostile)
    assert len(taken) < 5
    assert [clean(text) for text in taken] == taken


def test_an_earlier_version_is_cleaned(folder, place):
    name = max((folder / "publishing.revision").rglob("*.json"))
    change(name, lambda said: said["fields"]["data"]["fields"].update(body_en="<p onclick='x()'>b</p><script>alert(1)</script>"))
    start_anew(place)
    run("import", folder)
    bodies = {revision.data["fields"].get("body_en") for revision in Revision.objects.all()}
    assert "<p>b</p>" in bodies
    assert not any("onclick" in (body or "") or "script" in (body or "") for body in bodies)


@pytest.mark.parametrize(
    "step", [pytest.param("_remove_all", marks=LONG), pytest.param("_write", marks=LONG), pytest.param("_count_on", marks=LONG)]
)
def test_one_that_fails_leaves_all_as_it_was(folder, place, monkeypatch, step):
    def fail(*_args, **_options):
        raise OSError(28, "No space left on device")

    start_anew(place)
    make(Goal)
    default_storage.save("images/ours.webp", ContentFile(b"ours"))
    before = rows(), files()
    with monkeypatch.context() as patch:
        patch.setattr(importing, step, fail)
        assert "no room" in refused("import", folder, "--replace")
    with monkeypatch.context() as patch:
        patch.setattr(importing.versions, "rebuild", kill)
        assert in_a_process(lambda: run("import", folder, "--replace")) == -9
    assert rows() == before[0]


def test_files_of_one_that_fails_are_taken_back(folder, place, monkeypatch):
    start_anew(place)
    with monkeypatch.context() as patch:
        patch.setattr(importing.indexing, "rebuild", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run("import", folder)
    assert (list(media.names()), Goal.objects.count()) == ([], 0)
