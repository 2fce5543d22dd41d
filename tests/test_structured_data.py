"""What every kind of page says of itself to search engines is of schema.org's vocabulary."""

import pytest

from conference_site.media.models import Image
from news.models import NewsItem
from pages.models import Conference, Mode, Phase
from partners.models import LearningCity, Organisation
from tests.crowd import PAGES, make_crowd
from tests.schema_org import faults, things

pytestmark = pytest.mark.django_db

SILENT = {"goals", "questions", "organisations", "partnerships", "cities", "news", "news of a year", "news of a topic"}
SILENT |= {"documents", "parallel", "search"}
"""Lists, which say nothing of themselves."""


def said(client, path: str) -> list[dict]:
    return things(client.get(path).content.decode(), f"http://localhost:8000{path}")


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        ({"@type": "Event", "name": "A name", "startDate": "2027-03-01"}, ""),
        ({"@type": "Meeting"}, "Meeting: no such type"),
        ({"@type": "Event", "headline": "A"}, "Event.headline: no such property"),
        ({"@type": "Event", "attendees": "https://example.org"}, "Event.attendees: no such property"),  # superseded
        ({"@type": "Event", "startDate": "1 March"}, "Event.startDate: '1 March' is none of Date, DateTime"),
        ({"@type": "Event", "eventStatus": "https://schema.org/Late"}, "'https://schema.org/Late' is none of EventStatusType"),
        ({"@type": "Event", "location": {"@type": "Person"}}, "a Person is none of Place, PostalAddress, Text, VirtualLocation"),
        ({"@type": "Event", "location": {"@type": "Place", "place": "x"}}, "Place.place: no such property"),
    ],
)
def test_the_check_finds_faults(thing, expected):
    found = list(faults(thing))
    assert [fault.endswith(expected) for fault in found] == [True] * bool(expected)


def test_every_kind_of_page_speaks_the_vocabulary(client):
    make_crowd(2)
    NewsItem.objects.update(summary_en="A summary")
    Organisation.objects.update(acronym_en="ORG", website="https://example.org/")
    LearningCity.objects.update(country_en="A country")
    assert Image.objects.exists()
    found = {name: said(client, path.format("en")) for name, path in PAGES.items() if name not in SILENT}
    assert {name: list(faults(thing)) for name, all_said in found.items() for thing in all_said if list(faults(thing))} == {}
    assert {thing["@type"] for all_said in found.values() for thing in all_said} == {
        "BreadcrumbList",
        "Event",
        "NewsArticle",
        "WebPage",
        "WebSite",
    }


def test_lists_say_nothing(client):
    make_crowd(1)
    pages = {name: client.get(PAGES[name].format("en")).content.decode() for name in SILENT}
    assert {name for name, html in pages.items() if "ld+json" in html} == set()


@pytest.mark.parametrize("phase", Phase.values)
def test_the_conference_speaks_the_vocabulary_in_every_phase(client, phase):
    make_crowd(1)
    facts = {
        "venue_en": "Tunis",
        "organiser_en": "The organiser",
        "purpose_en": "A purpose",
        "registration_url": "https://e.org/",
    }
    Conference.objects.update(phase=phase, ends_on="2027-03-03", former_starts_on="2027-01-01", **facts)
    found = {}
    for mode in Mode.values:
        Conference.objects.update(mode=mode)
        found[mode] = [fault for thing in said(client, "/en/conference/") for fault in faults(thing)]
    assert {mode: wrong for mode, wrong in found.items() if wrong} == {}
