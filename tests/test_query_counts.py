"""What a page asks of the database doesn't grow with the content: at most 12 queries, each number said here."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.crowd import PAGES, make_crowd

pytestmark = pytest.mark.django_db

QUERIES = {
    "home": 12,
    "conference": 4,
    "goals": 4,
    "goal": 8,
    "questions": 4,
    "question": 7,
    "page": 6,
    "organisations": 5,
    "organisation": 7,
    "partnerships": 5,
    "partnership": 10,
    "cities": 4,
    "city": 7,
    "documents": 4,
    "document": 4,
    "news": 7,
    "news of a year": 6,
    "news of a topic": 7,
    "news item": 12,
    "search": 8,
    "parallel": 5,
}


@pytest.mark.parametrize("rows", [3, 25])  # the second is more than any list shows at once
def test_queries_of_every_page(client, rows):
    make_crowd(rows)
    counted = {}
    for name, path in PAGES.items():
        with CaptureQueriesContext(connection) as context:
            assert client.get(path.format("ar")).status_code == 200, name
        counted[name] = len(context)
    assert counted == QUERIES
    assert max(QUERIES.values()) <= 12
