"""The starting content is loaded once, whole and public in both languages, and never against an editor's will."""

import shutil
import threading
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from conference_site.operations import content
from conference_site.publishing import working_copies
from news.models import NewsItem
from pages.models import Conference, Goal, Page, ResearchQuestion
from partners.models import LearningCity, Organisation, Partnership
from tests import sitemaps, starting_content
from tests.builders import make, reread

pytestmark = pytest.mark.django_db

COUNTS = {Conference: 1, Goal: 4, ResearchQuestion: 3, Page: 3, Organisation: 9, Partnership: 1, LearningCity: 2, NewsItem: 1}


def test_everything_is_public_in_both_languages():
    assert content.load() == sum(COUNTS.values()) + 3 + 178 + 14 + 10  # topics, groups of names, official names, links of menus
    for language in ("ar", "en"):
        assert {model: model.objects.public(language).count() for model in COUNTS} == COUNTS


def test_loading_again_changes_nothing_and_brings_nothing_back():
    starting_content.load()
    edited, deleted = Goal.objects.first(), Goal.objects.last()
    Goal.objects.filter(pk=edited.pk).update(title_en="An editor's")
    working_copies.delete(deleted)
    purged = LearningCity.objects.first()
    purged.delete()
    assert content.load() == 0
    assert reread(edited).title_en == "An editor's"
    assert (Goal.objects.visible().count(), LearningCity.objects.count()) == (3, 1)


def test_links_between_items_are_there():
    starting_content.load()
    agreement, news, third = Partnership.objects.get(), NewsItem.objects.get(), ResearchQuestion.objects.last()
    goals = list(Goal.objects.all())
    assert [link.goal for link in agreement.goal_links.all()] == [goals[0], goals[2]]
    assert [link.goal for link in news.goal_links.all()] == [goals[1], goals[3]]
    assert [link.page.slug for link in third.page_links.all()] == ["rationale"]
    assert set(agreement.cities.all()) == set(LearningCity.objects.all())


@pytest.fixture
def only(tmp_path):
    """A folder of starting content that has this file of ours alone."""

    def copy(name: str) -> Path:
        shutil.copy(content.FOLDER / name, tmp_path)
        return tmp_path

    return copy


def test_an_editor_s_slug_is_not_taken(only):
    mine = Goal.objects.create(title_en="Mine", slug="innovation-zones")
    content.load(only("goals.toml"))
    assert (Goal.objects.get(slug="innovation-zones"), Goal.objects.count()) == (mine, 5)


def test_every_page_of_the_starting_content_answers_in_both_languages(client):
    starting_content.load()
    addresses = sitemaps.pages(client)
    assert len(addresses) == 2 * (9 + sum(COUNTS.values()) - 1)
    assert {client.get(address).status_code for address in addresses} == {200}


def test_nobody_is_a_partner_and_the_heading_does_not_exist(client):
    starting_content.load()
    assert "شركاء المؤتمر" not in client.get("/ar/organisations/").content.decode()
    Organisation.objects.filter(slug="alecso").update(is_partner=True)
    assert "شركاء المؤتمر" in client.get("/ar/organisations/").content.decode()


def test_an_editor_s_conference_stays_the_only_one(only):
    mine = make(Conference, title_en="Mine")
    assert content.load(only("conference.toml")) == 0
    assert list(Conference.objects.all()) == [mine]


def test_an_address_that_an_editor_s_item_once_had_is_not_taken(only):
    mine = make(Goal, slug="innovation-zones")
    working_copies.record(mine, "saved", data=working_copies.working_copy(mine) | {"fields": fields_with_slug(mine, "mine")})
    working_copies.publish(mine, ["en"])
    content.load(only("goals.toml"))
    assert Goal.objects.filter(slug="innovation-zones").count() == 0


def fields_with_slug(item, slug: str) -> dict:
    return working_copies.working_copy(item)["fields"] | {"slug": slug}


@pytest.mark.django_db(transaction=True)
def test_a_second_process_waits_for_the_first():
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [content.LOCK])
        loaded = []

        def load():
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SET lock_timeout = '300ms'")
                content.load()
            except OperationalError as error:
                loaded.append(type(error.__cause__).__name__)
            finally:
                connection.close()

        thread = threading.Thread(target=load)
        thread.start()
        thread.join()
    assert loaded == ["LockNotAvailable"]
