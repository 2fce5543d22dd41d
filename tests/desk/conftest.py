"""Somebody who may do everything on the desk, without being a superuser."""

import pytest
from django.test import Client

from tests.builders import make_user


@pytest.fixture
def administrator(db):
    return make_user("administrator")


@pytest.fixture
def desk(administrator) -> Client:
    client = Client()
    client.force_login(administrator)
    return client
