"""What the guide's pictures show beside the starting content: `python -m tests.browser.guide_content LANGUAGE` in its folder.

Accounts are called by their roles, in the language that is given, and dates are always the same, so that a picture that is taken
again looks as before. Prints where things are, and sessions of the accounts, as JSON.
"""

import json
import os
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID

import django

NAMES = {
    "ar": {"editor": "محررة", "colleague": "محرر آخر", "organiser": "منظِّم"},
    "en": {"editor": "Editor", "colleague": "Another editor", "organiser": "Organiser"},
}
NOTES = {"ar": "أرجو مراجعة المكان والموعد قبل النشر.", "en": "Please check place and date before it is published."}
BEGIN = datetime(2025, 3, 2, 7, tzinfo=UTC)
REPLACED = datetime(2030, 9, 1, 6, tzinfo=UTC)
BODY = {
    "ar": "<p>تُعقد الورشة عن بُعد، وهي للمعلمين والمعلمات في المراحل كلها.</p><p>{}</p>",
    "en": "<p>The workshop takes place online, and is for teachers of all stages.</p><p>{}</p>",
}
BEFORE = {"ar": "مدتها يوم واحد.", "en": "It lasts for a day."}
AFTER = {"ar": "مدتها يومان، وفي آخرها معرض للمشروعات.", "en": "It lasts for two days, and ends with a show of the projects."}


def main(language: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "conference_site.settings"
    django.setup()
    from django.contrib.auth.models import User

    if not User.objects.filter(email="editor@example.org").exists():
        make_all()
    name_accounts(language)
    set_dates()
    print(json.dumps(told()))


def make_all() -> None:
    from django.contrib.auth.models import Group, User

    from pages.models import Goal

    for account, role in (("editor", "editor"), ("colleague", "editor"), ("organiser", "organiser")):
        user = User.objects.create_user(account, f"{account}@example.org", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
    editor, organiser = (User.objects.get(username=name) for name in ("editor", "organiser"))
    make_news(editor)
    first, second = Goal.objects.order_by("order", "pk")[:2]
    edit(first, organiser, title_ar=first.title_ar.replace("في الوطن", "في أنحاء الوطن"))
    edit(
        second,
        organiser,
        title_ar="منصة لمناقشة سبل الارتقاء بالتعليم",
        title_en="A platform to discuss ways of raising education",
        publish_at_ar=BEGIN,
        publish_at_en=BEGIN,
    )
    from conference_site.publishing import replacements

    replacements.plan(second, ["ar", "en"], REPLACED, organiser)
    make_visits()


def make_news(editor) -> None:
    """One that waits for its review, one with things to look at, and one that two people write."""
    from django.core.files.base import ContentFile

    from conference_site.cards import drawing
    from conference_site.languages.content import Text
    from conference_site.media import pictures
    from conference_site.media.models import Image
    from conference_site.publishing import versions, working_copies
    from news.models import NewsItem
    from tests.builders import make

    pictures.uuid4 = lambda: next(names)  # of files
    names = (UUID(int=number) for number in count(1))
    words = [Text(text, "ar") for text in ("ورشة تدريبية", "التعلّم القائم على المشروعات", "مكتب التحرير")]
    poster = Image(
        file=ContentFile(drawing.draw(*words), "poster.png"),
        alternative_text_ar="ملصق الورشة: عنوانها تحت نجمة ثمانية وفوق شبكة هندسية",
        alternative_text_en="The poster of the workshop: its title below a star, above a lattice",
    )
    poster.save()
    Image(
        file=ContentFile(drawing.draw(words[1], words[0], words[2]), "other.png"), alternative_text_ar="ملصق الجلسة الأولى"
    ).save()
    waiting = make(
        NewsItem,
        public=[],
        slug="workshop",
        title_ar="ورشة عن التعلّم القائم على المشروعات",
        title_en="A workshop on project-based learning",
        summary_ar="ورشة للمعلمين عن تصميم مشروعات يتعلّم بها الطلبة، والمشاركة فيها عن بُعد.",
        summary_en="A workshop for teachers on designing projects from which students learn; participants join online.",
        **{f"body_{code}": body.format(BEFORE[code]) for code, body in BODY.items()},
        place_ar="عن بُعد",
        place_en="Online",
        event_on=date(2025, 4, 12),
        image=poster,
    )
    working_copies.record(waiting, "saved", editor)
    edit(waiting, editor, **{f"body_{code}": body.format(AFTER[code]) for code, body in BODY.items()})
    working_copies.submit(waiting, ["ar"], editor, NOTES["ar"])
    faulty = make(
        NewsItem,
        public=[],
        slug="photographs",
        title_ar="صور من لقاء المعلمين",
        title_en="Photographs from the teachers’ meeting",
        summary_ar="لقطات من الإجتماع الأول ، وفيه مقدمة عن الورشة.",
        body_ar="<p>تم عقد اللقاء يوم 03 مارس 2025.</p>",
        body_en='<p>For the programme <a href="/en/news/">click here</a>.</p>',
    )
    working_copies.record(faulty, "saved", editor)
    versions.of(faulty).filter(language="en").update(due_on=date(2025, 4, 1))
    shared = make(
        NewsItem,
        public=[],
        slug="sessions",
        title_ar="جلسات عن الابتكار في التعليم",
        title_en="Sessions on innovation in education",
        summary_ar="ثلاث جلسات مفتوحة للجميع.",
        summary_en="Three sessions that are open to all.",
    )
    working_copies.record(shared, "saved", editor)


def edit(item, author, **fields) -> None:
    from conference_site.publishing import aggregate, working_copies

    with working_copies.applied(item) as copy:
        for name, value in fields.items():
            setattr(copy, name, value)
        copy.save()
        data = aggregate.snapshot(copy)
    working_copies.save(item, data, author)


def make_visits() -> None:
    """Thirty days that rise and fall with the week."""
    from django.utils import timezone

    from conference_site.visits.models import FruitlessSearch, Visits
    from news.models import NewsItem
    from pages.models import Goal

    today = timezone.localdate()
    pages = [("home", 0, 40), ("news", 0, 18), ("goals", 0, 14)]
    pages += [("pages.goal", goal.pk, 12 - 2 * place) for place, goal in enumerate(Goal.objects.visible())]
    pages += [("news.newsitem", item.pk, 16) for item in NewsItem.objects.visible()]
    days = [(today - timedelta(days=back), (30 - back) % 7) for back in range(1, 30)]
    for code, share in (("ar", 3), ("en", 1)):
        Visits.objects.bulk_create(
            Visits(day=day, kind=kind, object_id=pk, language=code, number=share * (often + often * place // 5))
            for day, place in days
            for kind, pk, often in pages
        )
    for code, words in (("ar", "رسوم التسجيل"), ("ar", "الفندق"), ("en", "visa")):
        FruitlessSearch.objects.create(day=today - timedelta(days=3), language=code, words=words, number=4)


def name_accounts(language: str) -> None:
    from django.contrib.auth.models import User

    from conference_site.publishing.models import LanguageVersion

    for account, name in NAMES[language].items():
        User.objects.filter(email=f"{account}@example.org").update(username=name)
    LanguageVersion.objects.exclude(note="").update(note=NOTES[language])


def set_dates() -> None:
    """Twenty minutes from one version to the next."""
    from conference_site.publishing.models import LanguageVersion, Revision

    for number, revision in enumerate(Revision.objects.exclude(author=None).order_by("pk")):
        moment = BEGIN + timedelta(minutes=20 * number)
        Revision.objects.filter(pk=revision.pk).update(created_at=moment)
        LanguageVersion.objects.filter(revision=revision).update(moved_at=moment)


def told() -> dict:
    from django.contrib.auth.models import User
    from django.test import Client

    from conference_site.media.models import Image
    from conference_site.publishing import working_copies
    from news.models import NewsItem
    from pages.models import Goal

    sessions = {}
    for account in NAMES["en"]:
        client = Client()
        client.force_login(User.objects.get(email=f"{account}@example.org"))
        sessions[account] = client.cookies["session"].value
    waiting, faulty, shared = (NewsItem.objects.get(slug=slug) for slug in ("workshop", "photographs", "sessions"))
    old, new = [revision.pk for revision in working_copies.revisions_of(waiting).order_by("pk")][:2]
    goals = list(Goal.objects.order_by("order", "pk")[:2])
    return {
        "sessions": sessions,
        "waiting": waiting.pk,
        "faulty": faulty.pk,
        "shared": shared.pk,
        "picture": Image.objects.exclude(alternative_text_en=None).exclude(alternative_text_en="").last().pk,
        "compared": f"from={old}&to={new}",
        "outdated": goals[0].pk,
        "planned": goals[1].pk,
    }


if __name__ == "__main__":
    main(sys.argv[1])
