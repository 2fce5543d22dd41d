"""What a slip of the finger, or a colleague at the same moment, does on the desk: it is said in words, and nothing breaks."""

import re

import pytest
from django.contrib.auth.models import User

from conference_site.publishing import working_copies
from news.models import NewsItem
from pages.models import Goal
from partners.models import LearningCity
from tests.builders import make, reread
from tests.desk.forms import FormParser

pytestmark = pytest.mark.django_db


def filled(html: str, form_id: str) -> dict[str, str]:
    parser = FormParser(form_id)
    parser.feed(html)
    return dict(parser.fields)


def test_ordering_a_list_from_which_somebody_has_just_deleted_an_item(desk):
    goals = [make(Goal, order=10 * number) for number in range(3)]
    data = filled(desk.get("/en/admin/pages/goal/").content.decode(), "changelist-form")
    working_copies.delete(goals[0])
    response = desk.post("/en/admin/pages/goal/", data | {"form-1-order": "99", "_save": "Save"}, follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "Somebody has changed this list meanwhile. Nothing was saved; this is how it stands now."
    ]
    assert [(goal, goal.order) for goal in Goal.objects.kept()] == [(goal, goal.order) for goal in goals[1:]]


@pytest.mark.parametrize("year", ["0026", "0001", "9999"])
def test_a_year_that_nobody_means_is_refused_in_words(desk, year):
    fields = ("published_on", "event_on", "corrected_on")
    item = make(NewsItem, event_on="2024-08-18")
    url = f"/en/admin/news/newsitem/{item.pk}/change/"
    data = filled(desk.get(url).content.decode(), "newsitem_form")
    response = desk.post(url, data | dict.fromkeys(fields, f"{year}-11-20") | {"title_en": "Kept"})
    refusal = ["The year must lie between 1900 and 2200."]
    assert response.context["adminform"].form.errors == dict.fromkeys(fields, refusal)
    assert response.context["adminform"].form["title_en"].value() == "Kept"


def test_a_moment_that_nobody_means_is_refused_in_words(desk):
    item = make(NewsItem, public=[])
    data = {"publish_en": "on", "publish_at_en_0": "0001-01-01", "publish_at_en_1": "00:00"}
    response = desk.post(f"/en/admin/news/newsitem/{item.pk}/publish/", data)
    assert response.context["form"].errors == {"publish_at_en": ["The year must lie between 1900 and 2200."]}
    assert reread(item).state("en") == "unpublished"


def test_nobody_types_when_an_account_was_made(admin_client):
    user = User.objects.create_user("someone")
    html = admin_client.get(f"/en/admin/auth/user/{user.pk}/change/").content.decode()
    assert ('name="date_joined_0"' in html, 'name="last_login_0"' in html) == (False, False)


def test_a_regular_expression_in_an_address_is_refused(desk):
    assert desk.get("/en/admin/news/newsitem/?slug__regex=(").status_code == 400


def test_what_is_to_be_corrected_is_listed_above_a_long_form_and_linked(desk):
    city = make(LearningCity)
    url = f"/en/admin/partners/learningcity/{city.pk}/change/"
    data = filled(desk.get(url).content.decode(), "learningcity_form")
    html = desk.post(url, data | {"latitude": "124.7"}).content.decode()
    links = re.findall(
        r'<li><a href="#([^"]+)">([^<]+)</a></li>', html.partition('class="errors-found"')[2].partition("</ul>")[0]
    )
    assert links == [("id_latitude_error", "Latitude")]
    assert html.count('id="id_latitude_error"') == 1
