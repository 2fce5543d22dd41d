"""What the templates promise beyond being valid: languages, addresses, the phase, what is shown and what isn't."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import RequestFactory
from django.utils import timezone, translation

from conference_site import motif, views
from conference_site.delivery.management.commands.draw_motif import drawings
from news.models import NewsGoalLink, NewsItem, Topic
from pages.models import Announcement, Conference, Fact, Goal, Page, Phase, QuestionPageLink, ResearchQuestion
from partners.models import LearningCity, Milestone, Organisation, Partnership, PartnershipGoalLink
from tests import starting_content
from tests.builders import make, stand

pytestmark = pytest.mark.django_db

OTHER = {"ar": "en", "en": "ar"}


def html_of(client, path: str) -> str:
    return client.get(path).content.decode()


def text_of(html: str) -> str:
    """The words of the page's main part, one space between them."""
    main = re.search(r"<main.*?</main>", html, re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


# Languages (docs/arabic.md)


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_1_language_and_direction_stand_on_html(client, language, direction):
    assert f'<html lang="{language}" dir="{direction}">' in html_of(client, f"/{language}/")


def test_6_an_item_of_one_language_says_so_and_is_no_alternate(client):
    make(Goal, ["en"], slug="one", title_en="Only in English", title_ar="لا يُنشر", body_en="<p>Body.</p>")
    english, arabic = html_of(client, "/en/goals/one/"), html_of(client, "/ar/goals/one/")
    assert '<h1 lang="en" dir="ltr">Only in English</h1>' in arabic
    assert '<div class="prose" lang="en" dir="ltr">' in arabic
    assert 'class="notice"' in arabic
    assert 'class="notice"' not in english
    assert "لا يُنشر" not in arabic + english
    assert '<meta name="robots" content="noindex">' in arabic
    assert 'rel="canonical"' not in arabic
    assert re.findall(r'<link rel="alternate" hreflang="(.*?)" href="(.*?)">', english) == [
        ("en", "http://localhost:8000/en/goals/one/")
    ]
    assert "noindex" not in english


def test_6_a_text_that_is_only_in_the_other_language_is_announced(client):
    make(Goal, slug="both", title_ar="هدف", title_en="Goal", body_en="<p>Only the body is missing.</p>")
    assert html_of(client, "/ar/goals/both/").count('class="notice"') == 1
    assert html_of(client, "/en/goals/both/").count('class="notice"') == 0


def test_6_the_conference_in_one_language_is_no_page_of_the_other(client):
    make(Conference, ["en"], title_en="Title", introduction_en="<p>Text.</p>")
    arabic = html_of(client, "/ar/conference/")
    assert arabic.count('class="notice"') == 1
    assert '<meta name="robots" content="noindex">' in arabic
    assert "noindex" not in html_of(client, "/en/conference/")


def test_6_lists_mark_items_of_the_other_language(client):
    make(NewsItem, ["en"], title_en="In English")
    make(NewsItem, title_ar="باللغتين", title_en="In both")
    assert html_of(client, "/ar/news/").count('class="tag"') == 1
    assert html_of(client, "/en/news/").count('class="tag"') == 0


TAG = re.compile(r'<span class="tag">(.*?)</span>')


def tags(html: str) -> list[str]:
    """The languages that the page says texts are in."""
    return TAG.findall(html)


def test_6_a_short_text_that_falls_back_says_so_beside_a_title_that_does_not(client):
    goal = make(Goal, title_ar="هدف")
    texts = {"title_ar": "خبر", "summary_en": "Summary", "correction_en": "Correction"}
    item = make(NewsItem, slug="half", **texts, event_on="2024-08-18")
    NewsGoalLink.objects.create(item=item, goal=goal, note_en="Note")
    arabic = html_of(client, "/ar/news/half/")
    assert tags(arabic) == ["الإنجليزية"] * 3
    marked = re.findall(r'<span lang="en" dir="ltr">(.*?)</span> <span class="tag">', arabic)
    assert marked == ["Summary", "Correction", "Note"]
    assert tags(html_of(client, "/en/news/half/")) == []
    assert tags(html_of(client, "/ar/news/")) == ["الإنجليزية"]


def test_6_a_page_that_falls_back_as_a_whole_says_so_once(client):
    make(Goal, ["en"], slug="one", summary_en="Summary", body_en="<p>Body.</p>")
    main = html_of(client, "/ar/goals/one/").partition("<main")[2]
    assert (main.count('class="notice"'), tags(main.partition('class="siblings"')[0])) == (1, [])


def test_6_home_says_in_which_language_the_conference_is(client):
    make(Conference, ["en"], title_en="Title", theme_en="Theme", purpose_en="Purpose")
    assert html_of(client, "/ar/").count('class="notice"') == 1
    assert html_of(client, "/en/").count('class="notice"') == 0
    Conference.objects.all().delete()
    make(Conference, title_ar="عنوان", theme_en="Theme", purpose_en="Purpose")
    main = html_of(client, "/ar/").partition("<main")[2]
    assert (main.count('class="notice"'), tags(main)) == (0, ["الإنجليزية", "الإنجليزية"])


def test_6_every_list_of_links_marks_what_is_of_the_other_language(client):
    """Siblings, the pager, a partnership's parties, a lead's goals, a city's partnership, the menu and the footer, topics."""
    goal = make(Goal, ["en"], slug="goal")
    make(Goal, slug="both")
    for place in ("header", "footer"):
        stand(make(Page, ["en"]), place)
    newest = make(NewsItem, slug="newest", event_on="2024-08-18")
    NewsGoalLink.objects.create(item=newest, goal=goal)
    make(NewsItem, ["en"], slug="older", event_on="2024-08-17")
    make(NewsItem, slug="oldest", event_on="2024-08-16")
    partnership = make(Partnership, ["en"], slug="partnership")
    partnership.parties.add(make(Organisation, ["en"]))
    make(LearningCity, slug="city", partnership=partnership)
    newest.topics.add(Topic.objects.create(slug="topic", name_en="Topic"))

    def counted(path: str, part: str) -> int:
        return len(tags(re.search(part, html_of(client, path), re.DOTALL)[0]))

    found = {
        "siblings": counted("/ar/goals/both/", r'<nav class="siblings.*?</nav>'),
        "newer": counted("/ar/news/oldest/", r'<nav class="pager.*?</nav>'),
        "older": counted("/ar/news/newest/", r'<nav class="pager.*?</nav>'),
        "parties": counted("/ar/partnerships/", r'<ul class="parties.*?</ul>'),
        "goals of the lead": counted("/ar/", r'<div class="entry-goals.*?</div>'),
        "partnership of a city": counted("/ar/learning-cities/city/", r'<dl class="facts.*?</dl>'),
        "menu": counted("/ar/", r'<nav class="menu.*?</nav>'),
        "footer": counted("/ar/", r"<footer.*?</footer>"),
        "topics": counted("/ar/news/", r'<nav aria-labelledby="topics.*?</nav>'),
        "topic": counted("/ar/news/newest/", r'<dl class="facts.*?</dl>'),
    }
    assert found == dict.fromkeys(found, 1)
    assert tags(html_of(client, "/en/news/newest/")) == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_27_the_switcher_names_the_other_language_in_itself_and_keeps_the_query(client, language):
    names = {"ar": "العربية", "en": "English"}
    other = OTHER[language]
    make(NewsItem, event_on="2019-01-01")
    html = html_of(client, f"/{language}/news/?before=2020-01-01.1")
    assert f'<a href="/{other}/news/?before=2020-01-01.1" lang="{other}" hreflang="{other}">{names[other]}</a>' in html


def test_28_both_languages_and_x_default_point_at_each_other(client):
    links = [("ar", "/ar/goals/"), ("en", "/en/goals/"), ("x-default", "/ar/goals/")]
    expected = [(code, f"http://localhost:8000{path}") for code, path in links]
    for language in ("ar", "en"):
        html = html_of(client, f"/{language}/goals/")
        assert re.findall(r'<link rel="alternate" hreflang="(.*?)" href="(.*?)">', html) == expected
        assert f'<link rel="canonical" href="http://localhost:8000/{language}/goals/">' in html


def test_28_an_error_page_has_no_address_in_any_language(client):
    html = html_of(client, "/ar/nothing/")
    assert "hreflang=" not in html.split("<body>")[0]
    assert '<meta name="robots" content="noindex">' in html


def test_a_page_has_one_h1_one_main_and_a_way_past_the_menu(client):
    starting_content.load()
    for path in ("/ar/", "/ar/conference/", "/ar/goals/innovation-zones/", "/ar/news/", "/ar/nothing/"):
        html = html_of(client, path)
        assert (html.count("<h1"), html.count("<main")) == (1, 1), path
        assert re.search(r'<body>\s*<nav [^>]*><a class="skip" href="#content">', html), path
        assert 'id="content"' in html, path


# The frame


def test_the_menu_says_where_the_reader_is(client):
    make(NewsItem, slug="item")
    assert '<a href="/en/news/" aria-current="page">' in html_of(client, "/en/news/")
    assert '<a href="/en/news/" aria-current="true">' in html_of(client, "/en/news/item/")


def test_an_announcement_says_its_level_in_a_word(client):
    assert "announcement" not in html_of(client, "/en/goals/")
    make(Announcement, level="urgent", message_en="The hall has changed.", link="/en/news/", link_text_en="Details")
    html = html_of(client, "/en/goals/")
    assert 'class="announcement announcement-urgent"' in html
    assert "<strong>Urgent</strong>" in html
    assert '<a href="/en/news/"><span>Details</span></a>' in html


def test_a_site_without_any_content_still_has_its_pages(client):
    for path in ("", "conference/", "goals/", "questions/", "news/", "organisations/", "partnerships/", "learning-cities/"):
        assert client.get(f"/ar/{path}").status_code == 200, path


@pytest.mark.parametrize("language", ["ar", "en"])
def test_29_error_500_needs_no_request_and_no_database(language, django_db_blocker):
    with django_db_blocker.block(), translation.override(language):
        html = views.server_error(RequestFactory().get("/")).content.decode()
    assert f'<html lang="{language}"' in html
    assert f'href="/{language}/"' in html
    assert f'<a href="/{language}/learning-cities/">' in html
    assert ("حدث خطأ في الموقع" in html) == (language == "ar")


# The conference's phase


def conference(**fields) -> Conference:
    return make(
        Conference,
        title_en="Main title\nSecond line",
        short_title_en="Short",
        registration_url="https://example.org/register",
        registration_before_en="Opens soon",
        registration_after_en="Closed",
        **fields,
    )


def test_while_nothing_is_known_nothing_shows(client):
    make(Conference)
    html = html_of(client, "/en/") + html_of(client, "/en/conference/")
    assert not re.search('"Event"|To be announced|Registration|class=.(status|when|facts)', html)


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("phase", "opens", "closes", "link", "words"),
    [
        (Phase.UNSET, None, None, False, ""),
        (Phase.ANNOUNCED, None, None, False, "Opens soon"),
        (Phase.REGISTRATION, None, None, True, ""),
        (Phase.REGISTRATION, HOUR, None, False, "Opens soon"),
        (Phase.REGISTRATION, -HOUR, HOUR, True, ""),
        (Phase.REGISTRATION, None, -HOUR, False, "Closed"),
        (Phase.UNDER_WAY, None, None, False, "Closed"),
        (Phase.OVER, None, None, False, "Closed"),
        (Phase.POSTPONED, None, None, False, ""),
        (Phase.CANCELLED, None, None, False, ""),
        (Phase.MOVED_ONLINE, None, None, True, ""),
    ],
)
def test_the_phase_decides_the_call_to_action(client, phase, opens, closes, link, words):
    now = timezone.now()
    conference(phase=phase, registration_opens_at=opens and now + opens, registration_closes_at=closes and now + closes)
    header = html_of(client, "/en/goals/").split("<main")[0]
    assert ("https://example.org/register" in header) == link
    assert [wording for wording in ("Opens soon", "Closed") if wording in header] == ([words] if words else [])


def test_registration_is_called_what_organisers_call_it_wherever_it_is_linked(client):
    make(
        Conference, phase=Phase.REGISTRATION, registration_url="https://example.org/register", registration_during_en="Take part"
    )
    link = r'<a class="button" href="https://example.org/register">(.*?)\s*</a>'
    assert re.findall(link, html_of(client, "/en/")) == ["<span>Take part</span>"] * 2  # header and first screen
    assert re.findall(link, html_of(client, "/en/conference/")) == ["<span>Take part</span>"] * 2  # header and facts
    assert text_of(html_of(client, "/en/conference/")).count("Take part") == 1
    Conference.objects.update(registration_during_en="")
    assert re.findall(link, html_of(client, "/en/")) == ["Registration"] * 2


def test_the_titles_line_break_is_a_space_in_the_browsers_tab(client):
    conference()
    assert "<title>Main title Second line</title>" in html_of(client, "/en/")


def test_the_phase_decides_the_tense_of_the_home_page(client):
    one = conference(phase=Phase.ANNOUNCED)
    make(Goal)
    assert "What the conference seeks" in html_of(client, "/en/")
    Conference.objects.filter(pk=one.pk).update(phase=Phase.OVER)
    assert "What the conference sought" in html_of(client, "/en/")


def test_an_old_date_and_venue_stay_visible_as_changed(client):
    conference(
        phase=Phase.ANNOUNCED,
        starts_on="2027-03-01",
        ends_on="2027-03-03",
        former_starts_on="2027-01-10",
        venue_en="Tunis",
        former_venue_en="Cairo",
        show_hijri=False,
    )
    html = html_of(client, "/en/conference/")
    assert re.search(r"Formerly <del><time datetime=\"2027-01-10\">", html)
    assert re.search(r"Formerly <del><bdi[^>]*>Cairo</bdi></del>", html)
    assert "Tunis" in html


@pytest.mark.parametrize(
    ("phase", "lost"),
    [(Phase.POSTPONED, ["2027-03-01"]), (Phase.CANCELLED, ["2027-03-01", "Tunis"]), (Phase.MOVED_ONLINE, ["Tunis"])],
)
def test_what_will_not_be_kept_is_struck_out_and_said_in_words(client, phase, lost):
    conference(phase=phase, starts_on="2027-03-01", venue_en="Tunis")
    for path in ("/en/", "/en/conference/"):
        html = html_of(client, path)
        struck = re.findall(r"<(?:s|del)>.*?</(?:s|del)>", html)
        assert [fact for fact in ("2027-03-01", "Tunis") if any(fact in text for text in struck)] == lost, path
        assert 'class="status status-change"' in html, path


def test_a_fact_is_known_or_to_be_announced_or_absent(client):
    conference(to_be_announced=[Fact.VENUE, Fact.ORGANISER], organiser_en="The Ministry")
    words = text_of(html_of(client, "/en/conference/"))
    assert "Venue To be announced" in words
    assert "Organiser The Ministry" in words
    assert "Mode" not in words


def structured_data(html: str) -> dict[str, dict]:
    """What the page says of itself to search engines, by type."""
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return {thing["@type"]: thing for thing in json.loads(data)["@graph"]}


def test_structured_data_states_known_facts_only(client):
    conference(phase=Phase.ANNOUNCED, title_ar="عنوان")

    def event(path: str = "/en/") -> dict:
        return structured_data(html_of(client, path))["Event"]

    assert event() == {
        "@type": "Event",
        "name": "Main title Second line",
        "url": "http://localhost:8000/en/conference/",
        "inLanguage": ["ar", "en"],
        "eventStatus": "https://schema.org/EventScheduled",
    }
    assert event("/ar/conference/")["name"] == "عنوان"

    Conference.objects.update(starts_on="2027-03-01", former_starts_on="2027-01-10", venue_en="Tunis", mode="on_site")
    moved = event()
    assert (moved["startDate"], moved["previousStartDate"]) == ("2027-03-01", "2027-01-10")
    assert moved["eventStatus"] == "https://schema.org/EventRescheduled"
    assert moved["location"] == {"@type": "Place", "name": "Tunis"}
    assert moved["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"

    Conference.objects.update(phase=Phase.MOVED_ONLINE)
    online = event()
    assert online["eventStatus"] == "https://schema.org/EventMovedOnline"
    assert online["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
    assert online["location"] == {"@type": "VirtualLocation", "url": "https://example.org/register"}

    for phase, status in ((Phase.POSTPONED, "EventPostponed"), (Phase.CANCELLED, "EventCancelled")):
        Conference.objects.update(phase=phase)
        assert event()["eventStatus"] == f"https://schema.org/{status}"


def test_structured_data_cannot_end_its_own_block(client):
    make(Conference, phase=Phase.ANNOUNCED, title_en="</script><b>")
    assert "</script><b>" not in html_of(client, "/en/")


SITE = "http://localhost:8000"


@pytest.mark.parametrize(
    ("model", "path", "kind", "section"),
    [
        (NewsItem, "/en/news/one/", "NewsArticle", ("News", "/en/news/")),
        (Goal, "/en/goals/one/", "WebPage", ("Goals", "/en/goals/")),
        (ResearchQuestion, "/en/questions/one/", "WebPage", ("Research questions", "/en/questions/")),
        (Organisation, "/en/organisations/one/", "WebPage", ("Organisations", "/en/organisations/")),
        (Partnership, "/en/partnerships/one/", "WebPage", ("Partnerships", "/en/partnerships/")),
        (LearningCity, "/en/learning-cities/one/", "WebPage", ("Learning cities", "/en/learning-cities/")),
        (Page, "/en/one/", "WebPage", None),
    ],
)
def test_a_page_says_what_it_is_about_and_where_it_stands(client, model, path, kind, section):
    title = {f"{model.headline}_en": "Name & <b>more</b>", f"{model.headline}_ar": "اسم"}
    make(model, slug="one", **title)
    data = structured_data(html_of(client, path))
    name = data[kind]["headline" if model is NewsItem else "name"]
    assert (name, data[kind]["url"], data[kind]["inLanguage"]) == ("Name & <b>more</b>", SITE + path, "en")
    steps = [(step["position"], step["name"], step["item"]) for step in data["BreadcrumbList"]["itemListElement"]]
    expected = [("Home", "/en/"), *filter(None, [section]), ("Name & <b>more</b>", path)]
    assert steps == [(number, label, SITE + address) for number, (label, address) in enumerate(expected, 1)]
    foreign = structured_data(html_of(client, path.replace("/en/", "/ar/")))
    assert foreign[kind]["inLanguage"] == "ar"


def test_a_text_of_the_other_language_says_so_to_search_engines(client):
    make(NewsItem, ["en"], slug="one", title_en="In English", published_on="2024-08-18")
    article = structured_data(html_of(client, "/ar/news/one/"))["NewsArticle"]
    assert (article["headline"], article["inLanguage"], article["datePublished"]) == ("In English", "en", "2024-08-18")


def test_an_organisation_and_a_city_are_described(client):
    make(Organisation, slug="one", name_en="The Organisation", acronym_en="ORG", website="https://example.org/")
    make(LearningCity, slug="one", name_en="The City", country_en="The Country")
    organisation = structured_data(html_of(client, "/en/organisations/one/"))["WebPage"]["about"]
    city = structured_data(html_of(client, "/en/learning-cities/one/"))["WebPage"]["about"]
    assert organisation == {
        "@type": "Organization",
        "name": "The Organisation",
        "alternateName": "ORG",
        "url": "https://example.org/",
    }
    assert city == {"@type": "City", "name": "The City", "containedInPlace": {"@type": "Country", "name": "The Country"}}


def test_the_home_page_says_how_the_site_is_searched(client):
    make(Conference, short_title_en="Short")
    site = structured_data(html_of(client, "/en/"))["WebSite"]
    assert (site["name"], site["url"]) == ("Short", f"{SITE}/en/")
    assert site["potentialAction"]["target"]["urlTemplate"] == f"{SITE}/en/search/?q={{words}}"


# What pages show


def test_conference_partners_have_a_heading_only_where_there_are_any(client):
    make(Organisation, name_en="Named")
    assert "Conference partners" not in html_of(client, "/en/organisations/")
    make(Organisation, name_en="Partner", is_partner=True)
    assert text_of(html_of(client, "/en/organisations/")).index("Conference partners") >= 0


def test_a_milestone_says_what_is_known_of_its_date(client):
    partnership = make(Partnership, slug="one")
    for date in ("2024", "2024-08", "2024-08-18", ""):
        Milestone.objects.create(partnership=partnership, date=date, text_en=f"Step {date}.")
    html = html_of(client, "/en/partnerships/one/")
    assert re.findall(r'<time datetime="(.*?)">', html) == ["2024", "2024-08", "2024-08-18"]
    assert "date not known yet" in html


def test_the_date_of_an_event_is_not_that_of_its_publication(client):
    make(NewsItem, slug="one", event_on="2024-08-18", published_on="2024-08-20", place_en="Beijing")
    Conference.objects.all().delete()
    words = text_of(html_of(client, "/en/news/one/"))
    assert "Date of the event 18 August 2024" in words
    assert "Published 20 August 2024" in words
    assert "Place Beijing" in words


@pytest.mark.parametrize("shown", [True, False])
def test_20_publication_and_conference_dates_have_their_hijri_ones_beside_them_by_one_setting(client, shown):
    """So do those of a correction and of registration; the date of an event that isn't the conference's has none."""
    opens_at = datetime(2026, 9, 17, 12, tzinfo=UTC)
    conference(show_hijri=shown, phase=Phase.ANNOUNCED, starts_on="2026-09-17", registration_opens_at=opens_at)
    dates = {"event_on": "2026-09-16", "published_on": "2026-09-17", "corrected_on": "2026-09-17", "correction_en": "So."}
    make(NewsItem, slug="one", **dates)
    hijri = "(6\xa0Rabi al-Akhir 1448 AH)"
    counted = {path: html_of(client, f"/en/{path}").count(hijri) for path in ("", "news/", "news/one/", "conference/")}
    assert counted == ({"": 1, "news/": 1, "news/one/": 2, "conference/": 2} if shown else dict.fromkeys(counted, 0))
    assert "AH" not in re.search(r"Date of the event.*?</div>", html_of(client, "/en/news/one/"), re.DOTALL)[0]


def test_a_goal_shows_what_relates_to_it_with_the_editors_note(client):
    goal, item = make(Goal, slug="one"), make(NewsItem, title_en="The report")
    NewsGoalLink.objects.create(goal=goal, item=item, note_en="It tells of the first goal.")
    words = text_of(html_of(client, "/en/goals/one/"))
    assert "Related to this goal" in words
    assert "The report It tells of the first goal." in words


def test_a_goals_timeline_is_one_newest_first_and_ends_with_what_has_no_date(client):
    """A partnership is dated by its latest milestone, as exactly as is known; what isn't public is not there."""
    goal = make(Goal, slug="one")
    milestones = {
        "Early": ["2024-08-18", "2023", ""],
        "Late": ["2024-08", "2025-03"],
        "Undated": [""],
        "Without": [],
        "Hidden": [],
    }
    for name, dates in milestones.items():
        partnership = make(Partnership, [] if name == "Hidden" else ["en"], title_en=name)
        PartnershipGoalLink.objects.create(goal=goal, partnership=partnership)
        for number, date in enumerate(dates):
            Milestone.objects.create(partnership=partnership, date=date, text_en=f"Step {number}")
    news = {
        "Event": {"event_on": "2024-08-19", "published_on": "2026-01-01"},
        "Report": {"published_on": "2025-01-01"},
        "Silent": {},
    }
    for name, dates in news.items():
        NewsGoalLink.objects.create(goal=goal, item=make(NewsItem, ["en"], title_en=name, **dates))
    section = re.search(r'<ol class="timeline.*?</ol>', html_of(client, "/en/goals/one/"), re.DOTALL)[0]
    found = re.findall(r'<p class="meta"><span[^>]*>(.*?)</span> <span>(.*?)</span></p>.*?<a [^>]*>(.*?)</a>', section, re.DOTALL)
    assert [(re.sub(r"<.*?>", "", date).replace("\xa0", " "), kind, title) for date, kind, title in found] == [
        ("March 2025", "Partnership", "Late"),
        ("1 January 2025", "News item", "Report"),
        ("19 August 2024", "News item", "Event"),
        ("18 August 2024", "Partnership", "Early"),
        ("date not known yet", "News item", "Silent"),
        ("date not known yet", "Partnership", "Undated"),
        ("date not known yet", "Partnership", "Without"),
    ]


def relations(html: str) -> list[str]:
    """The words of each sentence on the page that says what a thing hangs together with."""
    found = re.findall(r'<(p|div) class="relations">(.*?)</\1>', html, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", words).replace("\xa0", " ").split()) for _tag, words in found]


def test_home_says_how_things_hang_together(client):
    """Counts, links and lists name only what is shown."""
    goal, other, hidden_goal = make(Goal, slug="one", title_en="Goal"), make(Goal), make(Goal, [], title_en="Hidden")
    news = [make(NewsItem, event_on=f"2024-08-1{day}") for day in range(2)]
    for item in [*news, make(NewsItem, [])]:
        for link in (goal, hidden_goal):
            NewsGoalLink.objects.create(goal=link, item=item)
    partnership = make(Partnership, title_en="Agreement")
    PartnershipGoalLink.objects.create(goal=goal, partnership=partnership)
    PartnershipGoalLink.objects.create(goal=hidden_goal, partnership=partnership)
    PartnershipGoalLink.objects.create(goal=other, partnership=make(Partnership, []))
    question = make(ResearchQuestion)
    for page in (make(Page, title_en="Second"), make(Page, title_en="First"), make(Page, [], title_en="Hidden")):
        QuestionPageLink.objects.create(question=question, page=page)
    for fields in ({"partnership": partnership, "title": "Hers"}, {"partnership": None, "title": "Other"}):
        make(LearningCity, name_en=fields["title"], partnership=fields["partnership"])
    html = html_of(client, "/en/")
    assert relations(html) == [
        "Related to this goal: 2 news items, 1 partnership",
        "Related to this question: Second First",
    ]
    assert relations(html_of(client, "/ar/"))[0].endswith("خبران، شراكة واحدة")
    assert html.count('href="/en/goals/one/#related"') == 1
    goals_of = re.findall(r'<div class="entry-goals">.*?<ul>(.*?)</ul>', html, re.DOTALL)
    assert [re.findall(r">([^<]+)</a>", goals) for goals in goals_of] == [["Goal"]] * 3
    cities = re.split(r'<div class="entry-cities">|</article>', html.partition('id="partnerships"')[2])
    assert [re.findall(r"<h[34]><a[^>]*>(.*?)</a>", part) for part in cities] == [["Agreement"], ["Hers"], ["Other"]]
    assert "Hidden" not in html


def newest_first(most: int, n: int) -> list[str]:
    """The titles of the ``most`` newest of ``n`` items that `many_news` makes."""
    return [f"Report {number}" for number in range(n)][::-1][:most]


def many_news(n: int) -> list[NewsItem]:
    """Items of days that rise with their number, made in another order."""
    items = {
        number: make(NewsItem, title_en=f"Report {number}", event_on=f"2024-08-{number + 1:02}") for number in range(n)[::-1]
    }
    return list(items.values())


@pytest.mark.parametrize(("n", "shown", "more"), [(1, 1, 0), (20, 20, 0), (21, 20, 1)])
def test_news_about_something_is_the_newest_and_says_when_there_is_more(client, n, shown, more):
    goal, organisation, partnership = make(Goal, slug="one"), make(Organisation, slug="one"), make(Partnership, slug="one")
    items = many_news(n)
    make(NewsItem, [], title_en="Report hidden", event_on="2024-08-30").organisations.add(organisation)
    NewsGoalLink.objects.bulk_create(NewsGoalLink(goal=goal, item=item) for item in items)
    organisation.news.add(*items)
    partnership.news.add(*items)
    for kind in ("goals", "organisations", "partnerships"):
        html = html_of(client, f"/en/{kind}/one/")
        assert re.findall(r"<h3><a href[^>]*>(Report .*?)</a>", html) == newest_first(shown, n), kind
        assert html.count("Only the newest stand here.") == more, kind
        assert html.count('<a class="more" href="/en/news/">All news</a>') == more, kind


@pytest.mark.parametrize(("parties", "listed", "said", "is_beside"), [(6, 6, 0, True), (7, 7, 1, True), (9, 7, 1, False)])
def test_many_parties_take_no_more_room_than_there_is(client, parties, listed, said, is_beside):
    """A list names six and says how many there are; the page names all, below the text where they are more than eight."""
    partnership = make(Partnership, slug="one")
    partnership.parties.set([make(Organisation) for _ in range(parties)])
    found = re.search(r'<ul class="parties">.*?</ul>', html_of(client, "/en/partnerships/"), re.DOTALL)[0]
    assert (found.count("<li>"), found.count(f"All parties: {parties} organisations")) == (listed, said)
    html = html_of(client, "/en/partnerships/one/")
    assert len(re.findall(r'<a href="/en/organisations/organisation-', html)) == parties
    assert (html.index('id="organisations"') < html.index("</aside>", html.index("column-side"))) == is_beside


def test_a_city_without_a_public_partnership_names_none(client):
    hidden = make(Partnership, [], title_en="Hidden agreement")
    make(LearningCity, slug="one", partnership=hidden)
    assert "Hidden agreement" not in html_of(client, "/en/learning-cities/one/")


def test_a_year_without_news_says_so(client):
    make(NewsItem, published_on="2026-01-01")
    make(NewsItem, published_on="2024-01-01")
    assert "No news in this year." in html_of(client, "/en/news/archive/2025/")


def test_no_number_in_an_attribute_is_grouped(client):
    from conference_site.media.models import Image

    picture = Image.objects.create(file="images/x.webp", width=1600, height=1067, alternative_text_en="A hall")
    make(NewsItem, slug="one", image=picture)
    html = html_of(client, "/en/news/one/")
    assert 'width="960" height="640" alt="A hall"' in html
    assert re.findall(r"/1440x960-50-50-[0-9a-f]{20}\.avif 1440w", html)


# The ornament


def test_the_pictures_are_what_the_parameters_draw(settings):
    folder = Path(settings.BASE_DIR, "static/img")
    assert {name: (folder / name).read_text() for name in drawings()} == drawings()


def test_siblings_stand_at_angles_of_their_own_from_closed_to_open():
    angles = [motif.family(place, 4) for place in range(4)]
    assert angles == sorted(set(angles))
    assert motif.CLOSED < angles[0] < angles[-1] < motif.OPEN
    assert motif.CLOSED < motif.family(0, 1) < motif.OPEN


def test_at_45_degrees_the_star_is_the_marks_two_squares():
    """Each of its sides lies along an axis or a diagonal."""
    steps = motif.star(45).partition("l")[2].rstrip("z").replace("-", " -").split()
    sides = list(zip(map(int, steps[::2]), map(int, steps[1::2]), strict=True))
    assert len(sides) == 15  # and the one that closes the path
    assert all(x == 0 or y == 0 or abs(x) == abs(y) for x, y in sides)
