"""Who may do what, at every address of the desk: each role × each address × reading and sending, against a table.

``access.tsv`` has a line for each address: the name of its view and its route, then for somebody without a role, an editor, an
organiser, an administrator and a superuser whether it may be read (r) and sent to (w). “-” is 403, 404 or 405. What differs
from it is a change of rights, which belongs into the table, or a hole.
"""

from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import models, transaction
from django.test import Client

from conference_site.accounts.models import Notice
from conference_site.media.models import Image
from conference_site.navigation.models import Redirect
from news.models import Topic
from pages.documents import Document
from tests import starting_content
from tests.builders import make, make_user
from tests.desk.test_access import OPEN, SAMPLES
from tests.routes import routes

TABLE = Path(__file__).parent / "access.tsv"
ROLES = [None, "editor", "organiser", "administrator", "superuser"]
"""``None`` is somebody of the staff without a role."""


@pytest.mark.proof
def test_everybody_may_do_exactly_what_the_table_says(transactional_db):
    starting_content.load()
    items = an_item_of_each()
    clients = {role: client_of(role) for role in ROLES}
    found = {}
    for route, pattern in routes("en"):
        if route.startswith("/en/admin/") and pattern.name not in OPEN:
            address = filled(route, items)
            found[f"{pattern.name} {route}"] = [allowed(client, address) for client in clients.values()]
    lines = [line.split("\t") for line in TABLE.read_text().splitlines()]
    wanted = {name: cells for name, *cells in lines}
    assert {name: cells for name, cells in found.items() if wanted.get(name) != cells} == {}
    assert wanted.keys() == found.keys()


def client_of(role: str | None) -> Client:
    client = Client(raise_request_exception=True)
    user = User.objects.create_superuser("boss", password="correct horse battery") if role == "superuser" else make_user(role)
    client.force_login(user)
    return client


def an_item_of_each() -> dict[type[models.Model], models.Model]:
    make(Topic, slug="topic", name_en="Topic")
    make(Document, title_en="Document")
    Image.objects.create(alternative_text_en="A picture")
    Redirect.objects.create(path="/jubail", section="news")
    Notice.objects.create(recipient=make_user(), kind="due", key="due", facts={})
    return {model: model._default_manager.first() for model in admin.site._registry}


def filled(route: str, items: dict) -> str:
    """The address of an item that is there, where the route names one of its model."""
    parts = route.split("/")
    own = next((model for model in items if parts[3:5] == [model._meta.app_label, model._meta.model_name]), None)
    key = str(items[own].pk) if own and items[own] else "1"
    route = route.replace("(?P<url>.*)$", "nowhere")
    for kind, sample in SAMPLES.items():
        while f"<{kind}:" in route:
            name = route.split(f"<{kind}:")[1].split(">")[0]
            is_key = name in {"object_id", "pk", "id"}
            route = route.replace(f"<{kind}:{name}>", key if is_key else sample)
    return route


def allowed(client: Client, address: str) -> str:
    """“r” for what may be read, “w” for where may be sent to; nothing that is sent stays."""
    may = ""
    for method, letter in (("get", "r"), ("post", "w")):
        with transaction.atomic():
            status = getattr(client, method)(address).status_code
            transaction.set_rollback(True)
        may += letter if status not in {403, 404, 405} else ""
    return may or "-"
