"""The search holds what the live rows say, from the transaction that changed them on."""

from datetime import date, timedelta
from threading import Event, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from conference_site.media.models import Image
from conference_site.publishing import aggregate, working_copies
from conference_site.publishing.models import Revision
from conference_site.search import indexing
from conference_site.search.finding import find
from conference_site.search.models import UNDATED, SearchEntry
from conference_site.search.queries import parse
from news.management.commands import make_news
from news.models import NewsItem, Topic
from pages.models import Announcement, Goal
from partners.models import Milestone, Partnership
from tests import starting_content
from tests.builders import make, unsaved

pytestmark = pytest.mark.django_db


def found(words: str, language: str = "ar") -> list[tuple[str, str]]:
    return [(result.language, result.url) for result in find(parse(words), language).results]


def draft(**fields) -> NewsItem:
    """A news item as the desk adds it: public in no language."""
    item = unsaved(NewsItem, [], slug="draft", title_ar="زيارة المكتبات", title_en="A visit to libraries", **fields)
    item.save()
    working_copies.add(item, aggregate.snapshot(item))
    return item


def test_each_language_is_found_from_its_publication_until_its_end():
    item = draft()
    assert found("مكتبة") == found("library") == []
    working_copies.publish(item, ["ar"])
    assert (found("مكتبة"), found("library")) == ([("ar", "/ar/news/draft/")], [])
    working_copies.publish(item, ["en"])
    assert found("library") == [("en", "/en/news/draft/")]
    working_copies.withdraw(item, ["ar"])
    assert (found("مكتبة"), found("library")) == ([], [("en", "/en/news/draft/")])


def test_a_scheduled_text_is_not_found():
    item = draft()
    working_copies.publish(item, ["ar"], dates={"publish_at_ar": timezone.now() + timedelta(days=1)})
    assert found("مكتبة") == []


def test_what_is_saved_and_not_published_is_not_found():
    item = draft()
    working_copies.publish(item, ["ar", "en"])
    data = working_copies.working_copy(item)
    data["fields"]["title_en"] = "A visit to museums"
    working_copies.save(item, data)
    assert (found("museum"), len(found("library"))) == ([], 1)
    working_copies.publish(item, ["en"])
    assert (len(found("museum")), found("library")) == (1, [])


def test_a_deleted_item_is_not_found_until_it_is_restored():
    item = draft()
    working_copies.publish(item, ["en"])
    working_copies.delete(item)
    assert found("library") == []
    working_copies.restore(item)
    assert len(found("library")) == 1
    working_copies.purge(item)
    assert (found("library"), SearchEntry.objects.count()) == ([], 0)


def test_a_publication_that_is_rolled_back_leaves_no_trace():
    item = draft()
    with transaction.atomic():
        working_copies.publish(item, ["en"])
        transaction.set_rollback(True)
    assert found("library") == []


def test_what_an_entry_holds():
    topic = Topic.objects.create(name_ar="موضوع", slug="topic")
    item = make(
        NewsItem,
        ["ar"],
        slug="one",
        title_ar="العنوان",
        title_en="",
        summary_ar="الملخّص",
        body_ar='<h2>رأس</h2><p>نصّ (<bdi lang="en" dir="ltr">ALECSO</bdi>)</p><p><img src="/media/x.webp" alt="صورة المعرض"></p>',
        event_on="2024-08-18",
    )
    item.topics.add(topic)
    indexing.refresh(NewsItem.objects.get())
    entry = SearchEntry.objects.get(kind="newsitem")
    assert (entry.kind, entry.object_id, entry.language, entry.title) == ("newsitem", item.pk, "ar", "العنوان")
    assert entry.text == "الملخّص\nرأس\nنصّ (ALECSO)\nصورة المعرض"
    assert (entry.day, entry.publish_at) == (date(2024, 8, 18), item.publish_at_ar)
    assert {word.split(":")[0] for word in entry.vector.split() if word.startswith("'~")} == {"'~2024'", f"'~topic{topic.pk}'"}
    assert len(found("المعرض")) == 1


def test_parts_are_found_and_what_has_no_page_is_not():
    partnership = make(Partnership, ["en"])
    Milestone.objects.create(partnership=partnership, text_en="Signed in Jeddah")
    indexing.refresh(partnership)
    announcement = make(Announcement)
    indexing.refresh(announcement)
    assert (len(found("Jeddah")), found(announcement.message_en)) == (1, [])
    assert set(SearchEntry.objects.values_list("day", flat=True)) == {UNDATED}


def test_the_starting_content_is_found_and_nothing_is_stale():
    starting_content.load()
    assert ("ar", "/ar/learning-cities/jubail-industrial-city/") in found("الجبيل")
    assert list(indexing.stale()) == []


def test_what_is_stale_is_named_and_mended(capsys):
    fresh, changed, missing = (make(Goal, slug=slug) for slug in ("fresh", "changed", "missing"))
    for item in (fresh, changed):
        indexing.refresh(item)
    Goal.objects.filter(pk=changed.pk).update(title_en="Another title")
    SearchEntry.objects.create(kind="goal", object_id=0, language="ar", title="orphan", url="/", title_vector="", vector="")
    with pytest.raises(CommandError) as refusal:
        call_command("check_search")
    _heading, *lines = str(refusal.value).splitlines()
    assert sorted(lines) == sorted([f"goal/{changed.pk}/en", f"goal/{missing.pk}/ar", f"goal/{missing.pk}/en", "goal/0/ar"])
    call_command("rebuild_search")
    call_command("check_search")
    assert capsys.readouterr().out.splitlines() == [
        "Written into the search: 3 items.",
        "The search holds what the live rows say.",
    ]


def test_check_search_is_not_misled_by_an_editor_who_works_meanwhile(monkeypatch):
    """What was read before a change and compared after it is looked at again, under a lock."""
    item = make(Goal)
    indexing.refresh(item)
    read = indexing._differences
    first = iter([[("goal", item.pk, "en")]])
    monkeypatch.setattr(indexing, "_differences", lambda model, items: next(first, read(model, items)) if model is Goal else [])
    assert list(indexing.stale()) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["publication", "picture"])
def test_words_of_a_picture_change_while_an_item_that_takes_it_is_published(first):
    """Whichever of the two transactions comes first, the other waits for it, and the item is found by the new words."""
    picture = Image.objects.create(file="images/x.webp", width=3, height=2, alternative_text_en="A hall")
    item = make(NewsItem)
    indexing.refresh(item)
    begun, may_end = Event(), Event()

    def publish() -> None:
        with transaction.atomic():
            NewsItem.objects.filter(pk=item.pk).select_for_update().update(image=picture)
            working_copies.record(item, Revision.Action.PUBLISHED)
            pause("publication")

    def change() -> None:
        with transaction.atomic():
            changed = Image.objects.get()
            changed.alternative_text_en = "A museum"
            changed.save()
            pause("picture")

    def pause(who: str) -> None:
        if who == first:
            begun.set()
            assert may_end.wait(10)

    def in_thread(act) -> None:
        try:
            act()
        finally:
            connection.close()

    acts = [publish, change] if first == "publication" else [change, publish]
    threads = [Thread(target=in_thread, args=[act]) for act in acts]
    threads[0].start()
    assert begun.wait(10)
    threads[1].start()
    threads[1].join(0.3)
    may_end.set()
    for thread in threads:
        thread.join(10)
    assert (found("museum", "en"), found("hall", "en")) == ([("en", f"/en/news/{item.slug}/")], [])
    assert list(indexing.stale()) == []


def test_news_for_benchmarks_are_public_and_in_the_search():
    make_news.make(range(40))
    assert (NewsItem.objects.visible().count(), SearchEntry.objects.filter(kind="newsitem").count()) == (40, 80)
    assert list(indexing.stale()) == []
    with pytest.raises(CommandError, match="There is news on this site"):
        call_command("make_news", 1)
