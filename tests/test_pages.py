"""What organisers may write about the conference."""

import pytest
from django.core.exceptions import ValidationError

from news.models import NewsItem, Topic
from pages.models import Conference, Page
from tests.builders import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", ["news", "goals", "learning-cities", "conference", "admin"])
def test_a_page_cannot_take_the_address_of_another_part_of_the_site(slug):
    with pytest.raises(ValidationError) as refusal:
        Page(title_ar="صفحة", slug=slug).full_clean(exclude=["title"])
    assert list(refusal.value.message_dict) == ["slug"]
    Page(title_ar="صفحة", slug=f"{slug}-of-ours").full_clean(exclude=["title"])


@pytest.mark.parametrize(
    ("field", "value"),
    [("time_zone", "Mars/Olympus"), ("ends_on", "2026-12-31"), ("registration_url", "javascript:alert(1)")],
)
def test_the_conference_refuses_what_cannot_be(field, value):
    facts = {"title_ar": "م", "short_title_ar": "م", "starts_on": "2027-01-01", "time_zone": "Asia/Riyadh"}
    exclude = ["title", "short_title"]
    Conference(**facts).full_clean(exclude=exclude)
    with pytest.raises(ValidationError):
        Conference(**facts | {field: value}).full_clean(exclude=exclude)


def test_22_topics_stand_in_the_order_of_their_names(client):
    item = make(NewsItem)
    for number, name in enumerate(["باحث", "الابتكار", "أهداف", "آفاق", "تعليم", "التعلّم"]):
        item.topics.add(Topic.objects.create(slug=f"t{number}", name_ar=name))
    topics = client.get("/ar/news/").context["topics"]
    assert [topic.name_ar for topic in topics] == ["الابتكار", "آفاق", "أهداف", "باحث", "التعلّم", "تعليم"]
