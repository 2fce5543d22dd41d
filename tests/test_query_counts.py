"""What a page asks of the database doesn't grow with the content: at most 12 queries, each number said here."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.crowd import PAGES, make_crowd

pytestmark = pytest.mark.django_db

QUERIES = {
    "home": 11,
    "conference": 4,
    "goals": 5,
    "goal": 10,
    "questions": 5,
    "question": 8,
    "page": 7,
    "organisations": 6,
    "organisation": 7,
    "partnerships": 6,
    "partnership": 11,
    "cities": 5,
    "city": 7,
    "news": 7,
    "news of a year": 7,
    "news of a topic": 8,
    "news item": 12,
    "search": 9,
    "parallel": 6,
}


@pytest.mark.parametrize("rows", [3, 100])
def test_queries_of_every_page(client, rows):
    make_crowd(rows)
    counted = {}
    for name, path in PAGES.items():
        with CaptureQueriesContext(connection) as context:
            assert client.get(path.format("ar")).status_code == 200, name
        counted[name] = len(context)
    assert counted == QUERIES
    assert max(QUERIES.values()) <= 12
