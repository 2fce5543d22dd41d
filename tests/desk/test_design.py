"""The page of the design: for staff, in both languages, drawn by the public pages' own stylesheets."""

import re

import pytest

from conference_site.delivery import tokens
from tests.builders import make_user

pytestmark = pytest.mark.django_db

STYLESHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)"')


@pytest.mark.parametrize("language", ["ar", "en"])
def test_staff_see_every_token_and_the_public_pages_stylesheets(desk, client, language):
    html = desk.get(f"/{language}/admin/design/").content.decode()
    public = STYLESHEET.findall(client.get(f"/{language}/").content.decode())
    assert STYLESHEET.findall(html)[: len(public)] == public
    assert '<meta name="robots" content="noindex">' in html
    shown = {name for name in tokens.values() if f'<bdi dir="ltr">{name}</bdi>' in html}
    meant = ("color-", "deep-", "text", "space-", "section", "gutter", "radius", "motion-", "ease", "urgent-", "important-")
    assert {name for name in tokens.values() if name.startswith(meant)} <= shown
    assert re.findall(r"<td>(\d+\.\d)", html)[:2] == ["14.0", "12.2"]


def test_it_can_be_reached_from_the_desks_index(desk):
    assert '<a href="/ar/admin/design/">' in desk.get("/ar/admin/").content.decode()


def test_others_are_asked_to_sign_in(client):
    assert client.get("/ar/admin/design/")["Location"] == "/ar/admin/login/?next=/ar/admin/design/"
    user = make_user()
    user.is_staff = False
    user.save()
    client.force_login(user)
    assert client.get("/en/admin/design/").status_code == 302
