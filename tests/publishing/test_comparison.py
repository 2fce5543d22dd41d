"""Two versions of a text, and of an item, compared as an editor reads them."""

import json
import random
from time import process_time

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from conference_site.media.models import Image
from conference_site.publishing import aggregate, comparison, differences
from conference_site.publishing.differences import Kind, Line
from conference_site.richtext.words import words_of, words_of_html
from news.models import NewsItem, NewsPicture
from pages.models import Conference, Goal
from partners.models import LearningCity, Milestone, Organisation, Partnership
from tests.builders import make

SIGNS = {Kind.SAME: "", Kind.REMOVED: "-", Kind.ADDED: "+"}


def written(lines: list[Line]) -> list[str]:
    """Each line as text: ``[-removed]``, ``[+added]``, and its sign first, in ``<>``."""
    found = []
    for line in lines:
        text = f"<{SIGNS[line.kind]}{line.sign}>" if line.sign else ""
        for piece in line.pieces:
            content = "…" if piece.is_fold else f"<{piece.sign} {piece.text}>" if piece.sign else piece.text
            sign = SIGNS[piece.kind]
            text += " " * piece.is_apart + (f"[{sign}{content}]" if sign else content)
        found.append(text.strip())
    return found


def plain(old: str, new: str) -> list[str]:
    return written(differences.lines(differences.runs(words_of(old), words_of(new))))


def rich(old: str, new: str) -> list[str]:
    return written(differences.lines(differences.runs(words_of_html(old), words_of_html(new))))


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("The quick fox", "The slow fox, indeed", "The [-quick] [+slow] fox[+, indeed]"),
        ("", "New text", "[+New text]"),
        ("Old text", "", "[-Old text]"),
        ("تعلّم الأطفال في المدارس", "تعلم الأطفال في المدارس الجديدة", "[-تعلّم] [+تعلم] الأطفال في المدارس [+الجديدة]"),
        ("كتابٌ جديد", "كتابٍ جديد", "[-كتابٌ] [+كتابٍ] جديد"),
        ("المؤتمر ، الأول", "المؤتمر، الأول", "المؤتمر [-،][+،] الأول"),
        ("SDG 4.5 in 2030", "SDG 4.7 in 2030", "SDG [-4.5] [+4.7] in 2030"),
    ],
)
def test_words_of_plain_text(old, new, difference):
    assert plain(old, new) == ([difference] if difference else [])


def test_a_word_that_two_rewritten_sentences_share_does_not_tear_them():
    old, new = "Ministers of nine states will gather, in Tunis", "Teachers from many schools have met, before noon"
    assert plain(old, new) == [f"[-{old}] [+{new}]"]


def test_lines_of_plain_text():
    assert plain("One two", "One\ntwo") == ["One", "<+br> two"]


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("<p>One.</p><p>Two.</p>", "<p>One.</p><p>New.</p><p>Two.</p>", ["One.", "[+New.]", "Two."]),
        ("<p>One. Two.</p>", "<p>One.</p><p>Two.</p>", ["One.", "<+p> Two."]),
        ("<p>Why</p><p>x</p>", "<h2>Why</h2><p>x</p>", ["<-p>", "<+h2> Why", "x"]),
        (
            '<p>See <a href="https://a.example/">here</a>.</p>',
            '<p>See <a href="https://b.example/">here</a>.</p>',
            ["See [-<a https://a.example/>] [+<a https://b.example/>] here."],
        ),
        ("<p>So it is</p>", "<p>So <strong>it</strong> is</p>", ["So [+<strong >] it [+</strong >] is"]),
        (
            "<ul><li><p>one</p></li></ul>",
            "<ul><li><p>one</p></li><li><p>two</p></li></ul>",
            ["<ul li> one", "<+ul li> [+two]"],
        ),
        (
            '<p>x</p><figure><img src="/media/a.webp" alt="A school"></figure>',
            '<p>x</p><figure><img src="/media/b.webp" alt="A school"></figure>',
            ["x [-<img A school\n/media/a.webp>] [+<img A school\n/media/b.webp>]"],
        ),
        (
            "<table><tbody><tr><td>1</td></tr></tbody></table>",
            "<table><tbody><tr><td>2</td></tr></tbody></table>",
            ["<tr>", "<td> [-1] [+2]"],
        ),
    ],
)
def test_rich_text_with_its_structure(old, new, difference):
    assert rich(old, new) == difference


def test_what_is_unchanged_and_far_from_any_change_is_folded():
    many = " ".join(f"w{number}" for number in range(100))
    near, last = " ".join(f"w{number}" for number in range(88, 100)), " ".join(f"w{number}" for number in range(12))
    assert plain(f"{many} old {many}", f"{many} new {many}") == [f"… {near} [-old] [+new] {last} …"]
    assert written(differences.lines(differences.runs(words_of(many), words_of(many)), folded=False)) == [many]


@pytest.mark.parametrize("as_paragraphs", [True, False])
def test_long_texts_do_not_hang(as_paragraphs):
    """20,000 words, of which two are so common that a naive comparison would take minutes; and the same in another order."""
    chance = random.Random(1)
    words = [chance.choice(["و", "the", *(f"w{number}" for number in range(200))]) for _ in range(20_000)]
    others = [chance.choice([word, "other"]) for word in words]
    texts = [paragraphs(order) if as_paragraphs else " ".join(order) for order in (words, others)]
    read = words_of_html if as_paragraphs else words_of
    began = process_time()
    found = differences.runs(*map(read, texts))
    assert process_time() - began < 10
    for kind, words_before in ((Kind.REMOVED, texts[0]), (Kind.ADDED, texts[1])):
        kept = [word for run in found if run.kind in (Kind.SAME, kind) for word in run.words]
        assert [word.text for word in kept] == [word.text for word in read(words_before)]


def paragraphs(words: list[str]) -> str:
    return "".join(f"<p>{' '.join(words[start : start + 80])}.</p>" for start in range(0, len(words), 80))


# Items


def told(found: comparison.Comparison) -> dict:
    """Field → language → lines; kind of parts → name → what became of it, and its fields."""
    fields = read_fields(found.fields)
    parts = {
        group.label: {part.called: (part.fates, read_fields(part.fields)) for part in group.changes} for group in found.parts
    }
    return fields | parts


def read_fields(fields: list[comparison.Field]) -> dict:
    return {one.label: {value.language: written(value.lines) for value in one.values} for one in fields}


def stored(item) -> dict:
    """The item as a revision holds it."""
    return json.loads(json.dumps(aggregate.snapshot(item), cls=DjangoJSONEncoder))


def after(item, **fields) -> dict:
    before = stored(item)
    return before | {"fields": before["fields"] | fields}


@pytest.mark.django_db
def test_fields_in_words():
    old_partnership, partnership = make(Partnership, title_en="Old agreement"), make(Partnership, title_en="Agreement")
    city = make(LearningCity, name_en="Jubail", partnership=old_partnership)
    old = after(city, publish_at_ar=None)
    changed = {"name_en": "Yanbu", "partnership_id": partnership.pk, "latitude": 24.71, "slug": "yanbu"}
    new = after(city, publish_at_ar="2026-09-17T18:30:00Z", **changed)
    with translation.override("en"):
        found = told(comparison.compare(old, new, LearningCity))
    moments = found.pop("Public from")
    assert moments == {"ar": ["[+17\u00a0September 2026, 21:30]"], "en": moments["en"]}
    assert found == {
        "Name": {"ar": [city.name_ar], "en": ["[-Jubail] [+Yanbu]"]},
        "Came from the partnership": {"": ["[-Old agreement] [+Agreement]"]},
        "Latitude": {"": ["[+24.71]"]},
        "Address": {"": [f"[-{city.slug}] [+yanbu]"]},
    }


@pytest.mark.django_db
def test_choices_booleans_and_lists_in_words():
    conference = make(Conference, phase="announced", to_be_announced=["dates"], show_hijri=True)
    changed = {"phase": "registration", "to_be_announced": ["dates", "venue"], "show_hijri": False}
    with translation.override("en"):
        found = told(comparison.compare(stored(conference), after(conference, **changed), Conference))
    assert found == {
        "Phase": {"": ["[-Announced] [+Registration open]"]},
        "To be announced": {"": ["[-\u2068Dates\u2069] [+\u2068Dates\u2069, \u2068Venue\u2069]"]},
        "Show Hijri dates beside Gregorian ones": {"": ["[-Yes] [+No]"]},
    }


@pytest.mark.django_db
def test_links_by_name_and_parts_by_what_became_of_them():
    partnership = make(Partnership)
    stays, goes, comes = (make(Organisation, name_en=name) for name in ("Stays", "Goes", "Comes"))
    partnership.parties.set([stays, goes])
    texts = ["First", "Second", "Third", "Gone"]
    milestones = [Milestone.objects.create(partnership=partnership, text_en=text, order=i) for i, text in enumerate(texts)]
    old = stored(partnership)
    partnership.parties.set([stays, comes])
    milestones[3].delete()
    Milestone.objects.filter(pk=milestones[2].pk).update(order=0, text_en="Third of all", date="2024-08")
    Milestone.objects.filter(pk=milestones[0].pk).update(order=1)
    Milestone.objects.filter(pk=milestones[1].pk).update(order=2)
    Milestone.objects.create(partnership=partnership, text_en="New", order=9)
    with translation.override("en"):
        found = told(comparison.compare(old, stored(partnership), Partnership))
        names = comparison.changed_names(old, stored(partnership), Partnership)
    assert found["Parties"] == {"": ["[-Goes]", "[+Comes]"]}
    assert found["Milestones"] == {
        "Third of all": (["moved"], {"Date": {"": ["[+August 2024]"]}, "What happened": {"ar": [], "en": ["Third [+of all]"]}}),
        "New": (["added"], {"What happened": {"ar": [], "en": ["[+New]"]}}),
        "Gone": (["removed"], {"What happened": {"ar": [], "en": ["[-Gone]"]}}),
    }
    assert names == ["Parties", "Milestones"]


@pytest.mark.django_db
def test_a_picture_of_the_gallery_that_is_gone_is_said_to_be_gone():
    image = Image.objects.create(file="images/x.webp", width=3, height=2, alternative_text_en="A school")
    item = make(NewsItem)
    old = stored(item)
    picture = NewsPicture.objects.create(item=item, image=image, caption_en="Pupils")
    new = stored(item)
    with translation.override("en"):
        assert told(comparison.compare(old, new, NewsItem)) == {
            "Gallery": {"A school": (["added"], {"Caption": {"ar": [], "en": ["[+Pupils]"]}, "Picture": {"": ["[+A school]"]}})}
        }
        picture.delete()
        image.delete()
        assert list(told(comparison.compare(old, new, NewsItem))["Gallery"]) == ["(no longer there)"]


@pytest.mark.django_db
def test_names_of_what_changed():
    goal = make(Goal)
    changed = after(goal, title_ar="جديد", title_en="New", body_en="<p>x</p>")
    with translation.override("en"):
        assert comparison.changed_names(stored(goal), changed, Goal) == ["Title (Arabic and English)", "Text (English)"]


@pytest.mark.django_db
def test_what_one_version_does_not_know_makes_no_difference():
    goal = make(Goal, title_en="Goal")
    old = {"fields": {"title_en": "Goal", "colour": "red"}, "parts": {"stars": [{"pk": 1}]}}
    for versions in ((old, stored(goal)), (stored(goal), old), ({}, stored(goal))):
        assert (bool(comparison.compare(*versions, Goal)), comparison.changed_names(*versions, Goal)) == (False, [])
    with translation.override("en"):
        assert told(comparison.whole(old, Goal)) == {"Title": {"en": ["Goal"]}}


@pytest.mark.django_db
def test_what_cannot_be_read_any_more_is_shown_as_it_is():
    goal = make(Goal)
    found = comparison.compare(stored(goal), after(goal, expires_at_en="some day"), Goal)
    assert [written(value.lines) for value in found.fields[0].values] == [[], ["[+some day]"]]


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 6])
def test_one_query_for_each_model_that_is_named(number):
    partnership = make(Partnership)
    old = stored(partnership)
    partnership.parties.set([make(Organisation) for _ in range(number)])
    for _ in range(number):
        partnership.goal_links.create(goal=make(Goal))
    new = stored(partnership)
    with CaptureQueriesContext(connection) as context:
        comparison.compare(old, new, Partnership)
    assert len(context) == 2
