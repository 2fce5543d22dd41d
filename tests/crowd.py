"""A site with ``n`` of everything, all of it related to its first item, for counting queries."""

from datetime import date, timedelta

from conference_site.media.models import Image
from conference_site.navigation.models import MenuEntry
from conference_site.search import indexing
from conference_site.search.models import SearchEntry
from news.models import NewsGoalLink, NewsItem, NewsPicture, Topic
from pages.documents import Document
from pages.models import Announcement, Conference, Goal, Page, QuestionPageLink, ResearchQuestion, SocialAccount
from partners.models import LearningCity, Milestone, Organisation, Partnership, PartnershipGoalLink
from tests.builders import make, unsaved

PAGES = {
    "home": "/{}/",
    "conference": "/{}/conference/",
    "goals": "/{}/goals/",
    "goal": "/{}/goals/first/",
    "questions": "/{}/questions/",
    "question": "/{}/questions/first/",
    "page": "/{}/first/",
    "organisations": "/{}/organisations/",
    "organisation": "/{}/organisations/first/",
    "partnerships": "/{}/partnerships/",
    "partnership": "/{}/partnerships/first/",
    "cities": "/{}/learning-cities/",
    "city": "/{}/learning-cities/first/",
    "documents": "/{}/documents/",
    "document": "/{}/documents/first/",
    "news": "/{}/news/",
    "news of a year": "/{}/news/archive/2024/",
    "news of a topic": "/{}/news/topics/first/",
    "news item": "/{}/news/first/",
    "search": "/{}/search/?q=NewsItem",
    "parallel": "/{}/partnerships/first/parallel/",
}
"""The address of each kind of page of the crowd; ``{}`` is the language."""


def many(model, n: int, **fields) -> list:
    """``n`` saved items; the first one's slug is ``first``."""
    items = [unsaved(model, **fields) for _ in range(n)]
    if hasattr(items[0], "slug"):
        items[0].slug = "first"
    return model.objects.bulk_create(items)


def many_pictured(model, field: str, n: int, **fields) -> list:
    """The same, each with a picture of its own in ``field``."""
    items = many(model, n, **fields)
    for item, picture in zip(items, pictures(n), strict=True):
        setattr(item, field, picture)
    model.objects.bulk_update(items, [field])
    return items


def pictures(n: int) -> list[Image]:
    return Image.objects.bulk_create(
        Image(file=f"images/{i}.webp", width=30, height=20, alternative_text_ar="صورة", credit_en="A. N. Other") for i in range(n)
    )


def make_crowd(n: int) -> None:
    """``n`` rows of each model, of two languages, publishable ones public."""
    conference = make(Conference, phase="announced", starts_on="2027-03-01")
    SocialAccount.objects.bulk_create(
        SocialAccount(conference=conference, name="X", url=f"https://x.example/{i}") for i in range(n)
    )
    many(Announcement, n)
    goals, pages, questions = many(Goal, n), many(Page, n), many(ResearchQuestion, n)
    QuestionPageLink.objects.bulk_create(QuestionPageLink(question=questions[0], page=page, note_ar="صلة") for page in pages)
    QuestionPageLink.objects.bulk_create(QuestionPageLink(question=question, page=pages[0]) for question in questions[1:])
    organisations, partnerships = many_pictured(Organisation, "logo", n), many(Partnership, n)
    partnerships[0].parties.set(organisations)
    organisations[0].partnerships.set(partnerships)
    Milestone.objects.bulk_create(Milestone(partnership=partnerships[0], text_ar="محطة") for _ in range(n))
    PartnershipGoalLink.objects.bulk_create(PartnershipGoalLink(partnership=partnerships[0], goal=goal) for goal in goals)
    PartnershipGoalLink.objects.bulk_create(PartnershipGoalLink(partnership=one, goal=goals[0]) for one in partnerships[1:])
    cities = many(LearningCity, n, partnership=partnerships[0], latitude=24.71, longitude=46.68)
    documented = [goals[0], pages[0], questions[0], organisations[0], partnerships[0], cities[0], conference]
    documented.append(_make_news(n, goals, organisations, partnerships))
    documents = many(Document, n, file_ar="documents/x.pdf", file_en="documents/y.pdf", size_ar=2_345_678)
    for item in documented:
        item.documents.set(documents)
    fill_search()
    MenuEntry.objects.bulk_create(MenuEntry(kind="page", object_id=page.pk) for page in pages)


def fill_search() -> None:
    """Let the search hold the news and the pages of the menu, which were made without it."""
    items = [*NewsItem.objects.all(), *Page.objects.all()]
    SearchEntry.objects.bulk_create(entry for item in items for entry in indexing.entries(item))


def _make_news(n: int, goals: list, organisations: list, partnerships: list) -> NewsItem:
    """The first of them, of which everything is."""
    days = [date(2024, 8, 18) - timedelta(days=i % 200) for i in range(n)]
    items = [
        unsaved(NewsItem, published_on=day, listed_on=day, image=image) for day, image in zip(days, pictures(n), strict=True)
    ]
    items[0].slug = "first"
    items = NewsItem.objects.bulk_create(items)
    topics = Topic.objects.bulk_create(Topic(slug="first" if i == 0 else f"topic-{i}", name_ar=f"موضوع {i}") for i in range(n))
    items[0].topics.set(topics)
    items[0].organisations.set(organisations)
    items[0].partnerships.set(partnerships)
    topics[0].news.set(items)
    organisations[0].news.set(items)
    partnerships[0].news.set(items)
    NewsGoalLink.objects.bulk_create(NewsGoalLink(item=items[0], goal=goal, note_ar="صلة") for goal in goals)
    NewsGoalLink.objects.bulk_create(NewsGoalLink(item=item, goal=goals[0]) for item in items[1:])
    gallery = pictures(n)
    NewsPicture.objects.bulk_create(NewsPicture(item=items[0], image=image, caption_ar="صورة") for image in gallery)
    figures = "".join(f'<figure><img src="{image.file.url}" alt="صورة"></figure>' for image in gallery)
    items[0].body_ar, items[0].body_en, items[0].video_url, items[0].video_poster = (
        figures,
        figures,
        "https://video.example/1",
        gallery[0],
    )
    items[0].save()
    return items[0]
