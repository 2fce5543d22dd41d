"""A copy of an item: a draft with everything but what says that the original is public."""

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from conference_site.media.models import Image
from conference_site.publishing import aggregate, translations, versions, working_copies
from conference_site.publishing.models import Stage
from news.models import NewsGoalLink, NewsItem, NewsPicture, Topic
from pages.models import Goal
from partners.models import Milestone, Partnership
from tests.builders import make, make_user, reread
from tests.desk.test_lists import changelist
from tests.desk.test_saving import address

pytestmark = pytest.mark.django_db


def copy_of(client, item):
    """The copy that the button makes."""
    answer = client.post(address(item, "duplicate"))
    assert answer.status_code == 302
    [copy] = type(item).objects.exclude(pk=item.pk)
    assert answer["Location"] == address(copy)
    return reread(copy)


def test_a_copy_has_all_texts_links_parts_and_pictures(desk):
    image, topic, goal = Image.objects.create(file="images/x.webp", width=3, height=2), Topic.objects.create(slug="t"), make(Goal)
    item = make(
        NewsItem, slug="first", title_ar="خبر", title_en="News", body_en="<p>Text</p>", image=image, event_on="2024-05-01",
        published_on="2024-05-02", pinned_at=timezone.now(),
    )  # fmt: skip
    item.topics.add(topic)
    NewsGoalLink.objects.create(item=item, goal=goal, note_en="Because")
    NewsPicture.objects.create(item=item, image=image, caption_en="Photograph")
    working_copies.save(item, aggregate.snapshot(item))
    copy = copy_of(desk, item)
    assert (copy.title_ar, copy.title_en, copy.slug, copy.body_en) == (
        "نسخة من خبر",
        "Copy of News",
        "copy-of-news",
        "<p>Text</p>",
    )
    assert (copy.image, list(copy.topics.all()), str(copy.event_on), copy.published_on) == (image, [topic], "2024-05-01", None)
    assert [(link.goal, link.note_en) for link in copy.goal_links.all()] == [(goal, "Because")]
    assert [(picture.image, picture.caption_en) for picture in copy.pictures.all()] == [(image, "Photograph")]
    assert [(item.goal_links.count(), item.pictures.count())] == [(1, 1)]
    assert ([copy.state(code).value for code in ("ar", "en")], copy.pinned_at) == (["unpublished"] * 2, None)
    assert versions.stages(copy, ["ar", "en"]) == dict.fromkeys(["ar", "en"], Stage.WRITING)
    assert working_copies.working_copy(copy)["fields"]["publish_at_ar"] is None


def test_it_is_the_working_copy_that_is_copied(desk):
    goal = make(Goal, title_en="Live")
    data = aggregate.snapshot(goal)
    working_copies.save(goal, data | {"fields": data["fields"] | {"title_en": "Draft", "title_ar": ""}})
    copy = copy_of(desk, goal)
    assert (copy.title_en, copy.title_ar, reread(goal).title_en) == ("Copy of Draft", "", "Live")


def test_what_was_outdated_is_outdated_and_what_was_not_is_not(desk):
    partnership = make(Partnership, title_ar="شراكة", title_en="Partnership", summary_ar="قديم", summary_en="Old")
    Milestone.objects.create(partnership=partnership, text_ar="محطة", text_en="Milestone")
    kept = Milestone.objects.create(partnership=partnership, text_ar="باقية", text_en="Stays")
    working_copies.save(partnership, aggregate.snapshot(partnership))
    data = working_copies.working_copy(partnership)
    changed = data["parts"]["milestones"][0] | {"text_ar": "محطة أخرى"}
    parts = data["parts"] | {"milestones": [changed, data["parts"]["milestones"][1]]}
    working_copies.save(partnership, data | {"fields": data["fields"] | {"summary_ar": "جديد"}, "parts": parts})
    copy = copy_of(desk, partnership)
    found = translations.passages(Partnership, working_copies.working_copy(copy))
    assert {(each.field, each.text): each.state.value for each in found} == {
        ("title", "Copy of Partnership"): "current",
        ("summary", "Old"): "outdated",
        ("text", "Milestone"): "outdated",
        ("text", kept.text_en): "current",
    }


def test_it_takes_the_right_to_add(client):
    goal, user = make(Goal), make_user()
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_goal", "change_goal", "publish_goal"]))
    client.force_login(user)
    assert client.post(address(goal, "duplicate")).status_code == 403
    assert b"duplicate" not in client.get(address(goal)).content
    user.user_permissions.set(Permission.objects.filter(codename="add_goal"))
    assert (client.post(address(goal, "duplicate")).status_code, Goal.objects.count()) == (403, 1)


def test_only_a_press_copies(desk):
    goal = make(Goal)
    assert (desk.get(address(goal, "duplicate")).status_code, Goal.objects.count()) == (405, 1)
    assert desk.get(changelist(Goal)).status_code == 200
