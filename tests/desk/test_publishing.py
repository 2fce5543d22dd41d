"""The page that publishes and withdraws: per language, with dates in the site's time zone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone
from django.utils.formats import date_format

from conference_site.publishing import working_copies
from conference_site.publishing.models import Revision, State
from news.models import NewsItem
from pages.models import Announcement, Conference, Goal, Page, ResearchQuestion
from partners.models import LearningCity, Organisation, Partnership
from tests.builders import make, reread
from tests.desk.forms import fields_of, in_form, send
from tests.desk.test_lists import changelist
from tests.desk.test_saving import address, said

pytestmark = pytest.mark.django_db

UNMARKED = "This date was changed, but the language is not marked for publication. Mark it above."
CONTENT = (
    Announcement,
    Conference,
    NewsItem,
    *(
        pytest.param(model, marks=pytest.mark.proof)
        for model in (Goal, LearningCity, Organisation, Page, Partnership, ResearchQuestion)
    ),
)
"""Those of every day, and in the proof those that are published as these are."""


def publish(desk, item, **changes):
    """Open the page of the item's publication, change some fields, and press its button."""
    return send(desk, address(item, "publish"), None, "publish", **changes)


def withdraw(desk, item, language: str):
    return desk.post(address(item, "publish"), {"_withdraw": language})


@pytest.mark.parametrize("model", CONTENT)
def test_every_kind_of_content_is_published_and_withdrawn(desk, model):
    item = make(model, public=[])
    response = publish(desk, item)
    assert (response["Location"], said(response)) == (address(item), ["Published: Arabic and English."])
    assert [reread(item).state(code) for code in ("ar", "en")] == [State.PUBLIC, State.PUBLIC]
    response = withdraw(desk, item, "ar")
    assert (response["Location"], said(response)[-1]) == (address(item, "publish"), "No longer public: Arabic.")
    assert [reread(item).state(code) for code in ("ar", "en")] == [State.EXPIRED, State.PUBLIC]
    assert [entry.change_message for entry in LogEntry.objects.order_by("pk")] == [
        "Published: Arabic and English.",
        "No longer public: Arabic.",
    ]


def test_only_the_marked_languages_are_published(desk):
    goal = make(Goal, public=[])
    publish(desk, goal, publish_en=None)
    assert [reread(goal).state(code) for code in ("ar", "en")] == [State.PUBLIC, State.UNPUBLISHED]


def test_what_has_changed_is_marked_and_what_has_not_is_not(desk):
    goal = make(Goal)
    send(desk, address(goal), title_ar="عنوان جديد")
    fields = fields_of(desk.get(address(goal, "publish")), "publish")
    assert ("publish_ar" in fields, "publish_en" in fields) == (True, False)


def test_a_language_without_a_title_cannot_be_marked(desk):
    goal = make(Goal, public=[], title_en="")
    page = desk.get(address(goal, "publish"))
    assert "There is no title in this language yet." in page.content.decode()
    publish(desk, goal, publish_en="on")
    assert reread(goal).state("en") == State.UNPUBLISHED


def test_dates_are_those_of_the_sites_time_zone_in_any_digits(desk, settings):
    goal = make(Goal, public=[])
    day = timezone.localdate() + timedelta(days=3)
    arabic = str(day).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    response = publish(desk, goal, publish_en=None, publish_at_ar_0=arabic, publish_at_ar_1="٠٩:٣٠")
    moment = datetime(day.year, day.month, day.day, 9, 30, tzinfo=ZoneInfo(settings.TIME_ZONE))
    assert (reread(goal).publish_at_ar, reread(goal).state("ar")) == (moment, State.SCHEDULED)
    assert said(response) == [f"Scheduled: Arabic, for {date_format(moment, 'DATETIME_FORMAT')}."]
    marked = f'<span class="due"><time datetime="{moment.isoformat()}">'
    assert [desk.get(page).content.decode().count(marked) for page in (address(goal), changelist(Goal))] == [1, 1]
    page = desk.get(address(goal, "publish"))
    assert in_form(page, "publish", "publish_at_ar_0") + in_form(page, "publish", "publish_at_ar_1") == [str(day), "09:30:00"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"publish_ar": None, "publish_en": None}, "Nothing would be published: no language is marked."),
        ({"publish_at_ar_0": "soon"}, "Enter a valid date."),
        ({"publish_at_ar_0": "2099-01-01", "publish_at_ar_1": "25:00"}, "Enter a valid time."),
        ({"expires_at_ar_0": "2020-01-01", "expires_at_ar_1": "10:00"}, "The end of publication is already past: Arabic."),
        ({"publish_en": None, "expires_at_en_0": "2099-01-01", "expires_at_en_1": "10:00"}, UNMARKED),
        (
            {
                "publish_at_ar_0": "2099-01-02",
                "publish_at_ar_1": "10:00",
                "expires_at_ar_0": "2099-01-01",
                "expires_at_ar_1": "10:00",
            },
            "Publication would end before it begins: Arabic.",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_stays_typed(desk, changes, words):
    goal = make(Goal, public=[])
    before = Revision.objects.count()
    response = publish(desk, goal, **changes)
    assert (response.status_code, words in response.content.decode()) == (200, True)
    typed = {name: value for name, value in changes.items() if value}
    assert {name: in_form(response, "publish", name)[0] for name in typed} == typed
    assert (reread(goal).state("ar"), Revision.objects.count()) == (State.UNPUBLISHED, before)


def test_what_is_public_now_and_what_will_be_are_told_apart(desk):
    goal = make(Goal, public=[])
    response = publish(desk, goal, publish_at_en_0="2099-01-02", publish_at_en_1="06:32")
    assert said(response) == ["Published: Arabic. Scheduled: English, for 2\xa0January 2099, 06:32."]


def test_dates_of_a_language_that_is_not_marked_stay_as_they_are_unless_they_are_typed(desk):
    goal = make(Goal)
    assert said(publish(desk, goal, publish_ar="on")) == ["Published: Arabic."]
    before = reread(goal).expires_at_en
    publish(desk, goal, publish_ar="on", expires_at_en_0="2099-01-01", expires_at_en_1="10:00")
    assert reread(goal).expires_at_en == before
    publish(desk, goal, publish_en="on", expires_at_en_0="2099-01-01", expires_at_en_1="10:00")
    assert reread(goal).expires_at_en.year == 2099


def test_a_slug_taken_since_is_refused_in_words(desk):
    goal = make(Goal, slug="mine")
    send(desk, address(goal), slug="wanted")
    make(Goal, slug="wanted")
    response = publish(desk, goal, publish_ar="on")
    assert (response.status_code, "already exists" in response.content.decode()) == (200, True)
    assert reread(goal).slug == "mine"


def test_a_withdrawn_text_is_published_again_by_marking_it(desk):
    goal = make(Goal)
    withdraw(desk, goal, "ar")
    fields = fields_of(desk.get(address(goal, "publish")), "publish")
    assert ("publish_ar" in fields, fields["expires_at_ar_0"]) == (False, [""])
    publish(desk, goal, publish_ar="on")
    assert reread(goal).state("ar") == State.PUBLIC


def test_the_page_says_that_what_languages_share_goes_live(desk):
    partnership = make(Partnership)
    assert b"has changed too" not in desk.get(address(partnership, "publish")).content
    send(desk, address(partnership), standing="active")
    assert b"has changed too" in desk.get(address(partnership, "publish")).content


def test_withdrawing_a_language_that_there_is_not_is_refused(desk):
    assert withdraw(desk, make(Goal), "xx").status_code == 403


def test_what_is_not_there_leads_back_in_words(desk):
    goal = make(Goal)
    working_copies.delete(goal)
    response = desk.get(address(goal, "publish"))
    assert (response.status_code, response["Location"]) == (302, "/en/admin/")


def test_a_new_date_of_an_event_is_published(desk):
    """The item is listed under it from then on: what is computed is computed before it is asked for."""
    item = make(NewsItem)
    send(desk, address(item), event_on="2025-02-03")
    assert said(publish(desk, item, publish_ar="on")) == ["Published: Arabic."]
    assert str(reread(item).listed_on) == "2025-02-03"


def test_a_schedule_can_be_cancelled(desk):
    goal = make(Goal, public=[], publish_at_ar=timezone.now() + timedelta(days=1))
    page = desk.get(address(goal, "publish")).content.decode()
    assert (page.count("Cancel the schedule"), page.count("Withdraw now")) == (1, 0)
    assert said(withdraw(desk, goal, "ar")) == ["No longer scheduled: Arabic."]
    assert reread(goal).state("ar") == State.UNPUBLISHED
    assert "Cancel the schedule" not in desk.get(address(goal, "publish")).content.decode()
