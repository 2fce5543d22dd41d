"""The conference in a calendar, by two readers that know nothing of each other."""

from datetime import date

import icalendar
import pytest
import vobject

from conference_site.publishing import working_copies
from pages.models import Conference
from tests.builders import make, reread

pytestmark = pytest.mark.django_db

DATES = {"phase": "announced", "starts_on": date(2027, 3, 1), "ends_on": date(2027, 3, 3)}


def read(client, language: str = "en") -> icalendar.Event:
    answer = client.get(f"/{language}/conference.ics")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert vobject.readOne(answer.content.decode()).vevent.uid.value == "conference@localhost"
    (event,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    return event


TITLES = {"ar": "تحويل التعليم\nمن التعليم إلى التعلم", "en": "Transforming, Education;\nFrom Teaching"}


@pytest.mark.parametrize("language", TITLES)
def test_what_is_known_is_in_it_in_each_language(client, language):
    title = TITLES[language].replace("\n", " ")
    texts = {"title_ar": TITLES["ar"], "title_en": TITLES["en"], "venue_en": "Tunis"}
    make(Conference, **DATES, **texts)
    event = read(client, language)
    assert (event["SUMMARY"], event["SUMMARY"].params["LANGUAGE"]) == (title, language)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2027, 3, 1), date(2027, 3, 4))
    assert (event["STATUS"], event["URL"]) == ("CONFIRMED", f"http://localhost:8000/{language}/conference/")
    assert (event["LOCATION"], event["LOCATION"].params["LANGUAGE"]) == ("Tunis", "en")


@pytest.mark.parametrize("facts", [{}, {"phase": "announced"}, {"starts_on": date(2027, 3, 1)}])
def test_there_is_none_before_it_is_known(client, facts):
    make(Conference, **facts)
    assert client.get("/ar/conference.ics").status_code == 404
    assert "/ar/conference.ics" not in client.get("/ar/conference/").content.decode()


def test_there_is_none_without_a_conference(client):
    assert client.get("/ar/conference.ics").status_code == 404


@pytest.mark.parametrize(
    ("phase", "status"),
    [("registration", "CONFIRMED"), ("moved_online", "CONFIRMED"), ("postponed", "CANCELLED"), ("cancelled", "CANCELLED")],
)
def test_its_status_follows_the_phase(client, phase, status):
    make(Conference, **DATES | {"phase": phase}, venue_en="Tunis")
    event = read(client)
    assert (event["STATUS"], "LOCATION" in event) == (status, phase != "moved_online")


def test_each_publication_makes_it_newer(client):
    conference = make(Conference, **DATES)
    numbers = [read(client)["SEQUENCE"]]
    for day in (2, 3):
        data = working_copies.working_copy(conference)
        data["fields"]["starts_on"] = f"2027-03-0{day}"
        working_copies.save(conference, data)
        working_copies.publish(reread(conference), ["en"])
        numbers.append(read(client)["SEQUENCE"])
    assert numbers == [0, 1, 2]
    assert read(client)["DTSTART"].dt == date(2027, 3, 3)


def test_its_page_leads_to_it(client):
    make(Conference, **DATES)
    assert '<a class="more" href="/ar/conference.ics" type="text/calendar">' in client.get("/ar/conference/").content.decode()
