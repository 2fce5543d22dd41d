"""Every way by which rich text reaches the database, or a form."""

import json

import pytest
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db.migrations.writer import MigrationWriter
from django.utils import translation

from conference_site.richtext.fields import RichTextField
from conference_site.richtext.widgets import configuration, words
from pages.models import Page
from tests.builders import make, unsaved

DIRTY = '<p onclick="alert(1)">words<script>alert(1)</script></p>'
CLEAN = "<p>words</p>"


def stored(item):
    return Page.objects.values_list("body_ar", flat=True).get(pk=item.pk)


def by_save():
    return make(Page, body_ar=DIRTY)


def by_update():
    item = make(Page)
    Page.objects.filter(pk=item.pk).update(body_ar=DIRTY)
    return item


def by_bulk_create():
    return Page.objects.bulk_create([unsaved(Page, body_ar=DIRTY)])[0]


def by_bulk_update():
    item = make(Page)
    item.body_ar = DIRTY
    Page.objects.bulk_update([item], ["body_ar"])
    return item


def by_fixture():
    item = make(Page)
    rows = json.loads(serializers.serialize("json", [item]))
    rows[0]["fields"]["body_ar"] = DIRTY
    for row in serializers.deserialize("json", json.dumps(rows)):
        row.save()
    return item


@pytest.mark.django_db
@pytest.mark.parametrize("way", [by_save, by_update, by_bulk_create, by_bulk_update, by_fixture])
def test_no_way_into_the_database_leads_past_the_sanitiser(way):
    assert stored(way()) == CLEAN


@pytest.mark.django_db
def test_what_was_saved_is_what_the_instance_holds():
    item = unsaved(Page, body_ar=DIRTY)
    item.save()
    assert item.body_ar == CLEAN


@pytest.mark.django_db
def test_2_a_column_knows_its_language():
    item = make(Page, body_ar='<p lang="ar" dir="rtl">أ</p>', body_en='<p lang="ar" dir="rtl">أ</p>')
    assert (item.body_ar, item.body_en) == ("<p>أ</p>", '<p lang="ar" dir="rtl">أ</p>')


def test_a_picture_without_alternative_text_is_refused_in_words():
    field = RichTextField()
    with pytest.raises(ValidationError) as refusal:
        field.clean('<p>a</p><img src="/media/a.jpg" alt=" ">', None)
    assert refusal.value.messages == ["This picture has no alternative text: /media/a.jpg. Say in a few words what it shows."]
    assert (
        field.clean('<img src="/media/a.jpg" alt="A bridge">', None) == '<figure><img src="/media/a.jpg" alt="A bridge"></figure>'
    )


def test_an_empty_editor_is_an_empty_field():
    field = RichTextField(blank=True).formfield()
    assert field.clean("<p></p>") == ""
    with pytest.raises(ValidationError, match="required"):
        RichTextField().formfield().clean("<p><br></p>")


def test_the_editors_way_of_writing_the_same_text_is_no_change():
    field = RichTextField().formfield()
    assert not field.has_changed("<ul><li>a</li></ul>", "<ul><li><p>a</p></li></ul><p></p>")
    assert not field.has_changed(None, "<p></p>")
    assert field.has_changed("<p>a</p>", "<p>b</p>")
    assert field.has_changed("<p>a</p>", "<div>" * 300)


def test_the_admins_own_textarea_gives_way_to_the_editor():
    formfield = RichTextField().formfield(widget=AdminTextareaWidget)
    html = formfield.widget.render("body", "<p>&lt;</p>", {"lang": "ar", "dir": "rtl"})
    assert "data-richtext" in html
    assert 'lang="ar" dir="rtl"' in html
    assert "&lt;p&gt;&amp;lt;&lt;/p&gt;" in html


def test_no_detail_of_the_editor_makes_a_migration():
    written, _imports = MigrationWriter.serialize(RichTextField("text", blank=True))
    assert written == "conference_site.richtext.fields.RichTextField(blank=True, verbose_name='text')"


def test_the_toolbar_offers_the_languages_of_the_settings(settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("fr", "Français"), ("he", "עברית")]
    languages = [(language["code"], language["name"], language["dir"]) for language in configuration()["languages"]]
    assert languages == [("ar", "العربية", "rtl"), ("en", "English", "ltr"), ("fr", "Français", "ltr"), ("he", "עברית", "rtl")]


def test_29_the_toolbar_speaks_the_language_of_the_desk():
    english = words()
    with translation.override("ar"):
        arabic = words()
    assert english["bold"] == "Strong"
    assert {name for name, text in arabic.items() if text == english[name]} == set()
