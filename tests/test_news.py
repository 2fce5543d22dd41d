"""News and topics: what a topic must have, where it leads, and what is related."""

import shutil

import pytest
from django.core.exceptions import ValidationError

from conference_site.operations import content
from news.around import AROUND, NEWEST, around
from news.models import NewsGoalLink, NewsItem, Topic
from pages.models import Goal
from partners.models import Organisation
from tests.builders import make

pytestmark = pytest.mark.django_db


def topic_in_use(**fields) -> Topic:
    topic = Topic.objects.create(**fields)
    make(NewsItem).topics.add(topic)
    return topic


def test_a_topic_has_a_name_in_one_language_at_least():
    Topic(name_ar="التعليم الذكي", slug="x").full_clean(exclude=["name"])
    with pytest.raises(ValidationError) as refusal:
        Topic(slug="x").full_clean(exclude=["name"])
    assert sorted(refusal.value.message_dict) == ["name_ar"]


def test_a_topic_s_address_is_made_from_its_name():
    slugs = [Topic.objects.create(name_ar="تعليم", name_en=name).slug for name in ("Smart education", "Smart education", "")]
    assert slugs == ["smart-education", "smart-education-2", "tlym"]


def test_a_topic_that_no_shown_item_names_has_no_page(client):
    topic = topic_in_use(slug="used", name_en="Used")
    Topic.objects.create(slug="unused", name_en="Unused")
    make(NewsItem, []).topics.add(Topic.objects.create(slug="draft", name_en="Draft"))
    assert [client.get(f"/en/news/topics/{slug}/").status_code for slug in ("used", "unused", "draft")] == [200, 404, 404]
    assert list(Topic.objects.in_use()) == [topic]


def test_a_topic_s_former_address_redirects_for_ever(client):
    topic = topic_in_use(slug="first", name_en="Topic")
    for slug in ("second", "third"):
        topic.slug = slug
        topic.save()
    answers = [client.get(f"/en/news/topics/{slug}/") for slug in ("first", "second")]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(301, "/en/news/topics/third/")] * 2
    successor = topic_in_use(slug="first", name_en="Another")
    assert client.get("/en/news/topics/first/").context["topic"] == successor
    NewsItem.objects.all().delete()
    assert client.get("/en/news/topics/second/").status_code == 404


def test_a_topic_of_the_starting_content_whose_address_is_taken_finds_another(client, tmp_path):
    Topic.objects.create(slug="smart-education", name_en="An editor's")
    shutil.copy(content.FOLDER / "topics.toml", tmp_path)
    content.load(tmp_path)
    assert client.get("/en/news/").status_code == 200
    slugs = Topic.objects.filter(slug__startswith="smart-education").values_list("slug", flat=True)
    assert list(slugs) == ["smart-education", "smart-education-2"]


def test_what_shares_a_goal_an_organisation_or_a_topic_is_related_newest_first():
    goal, organisation, topic = make(Goal), make(Organisation), Topic.objects.create(name_en="T")
    item, of_goal, of_organisation, of_topic, of_all, other, hidden = (
        make(NewsItem, [] if day == 7 else None, event_on=f"2024-08-{day:02}") for day in range(1, 8)
    )
    NewsGoalLink.objects.bulk_create(NewsGoalLink(item=one, goal=goal) for one in (item, of_goal, of_all, hidden))
    organisation.news.add(item, of_organisation, of_all)
    topic.news.add(item, of_topic, of_all)
    assert around(item) == (of_goal, None, [of_all, of_topic, of_organisation])
    assert around(other) == (None, of_all, [])


def test_what_is_related_is_found_however_much_is_newer(monkeypatch):
    """Beyond the newest items too, where those share less than is shown."""
    monkeypatch.setattr("news.around.AROUND", AROUND.replace(f"LIMIT {NEWEST})", "LIMIT 2)"))
    topic = Topic.objects.create(name_en="T")
    item, old, older, newer, _newest = (make(NewsItem, event_on=f"2024-08-{day:02}") for day in (9, 2, 1, 10, 11))
    topic.news.add(item, old, older, newer)
    assert around(item).related == [newer, old, older]
