"""Attempts are counted in the database while the shared cache is away."""

import pytest
from django.core.cache import caches
from django.test import Client

from conference_site.accounts.counts import SharedCache
from tests.accounts.test_sign_in import is_in, sign_in
from tests.builders import make_user
from tests.operations.copies import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def cache_that_is_away(settings) -> SharedCache:
    options = {"socket_connect_timeout": 1, "socket_timeout": 1}
    away = {
        "BACKEND": "conference_site.accounts.counts.SharedCache",
        "LOCATION": f"redis://127.0.0.1:{free_port()}/0",
        "OPTIONS": options,
    }
    settings.CACHES = {"default": away, "database": settings.COUNTS}
    return caches["default"]


def test_nobody_is_kept_out_and_nobody_gets_in_uncounted(cache_that_is_away, caplog):
    assert isinstance(cache_that_is_away, SharedCache)
    editor, client = make_user("editor"), Client()
    sign_in(client, editor)
    assert is_in(client)
    for _number in range(10):
        sign_in(Client(), editor, "wrong")
    refused = sign_in(Client(), editor)
    assert (refused.status_code, len(refused.context["form"].non_field_errors())) == (200, 1)
    assert "CACHE_URL can't be reached" in caplog.text
