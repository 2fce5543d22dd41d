"""Where a city lies, as editors write it."""

import pytest

from partners.models import LearningCity
from tests.builders import make, reread
from tests.desk.forms import in_form, send

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("latitude", "longitude", "place"),
    [("27.0", "49.65", (27, 49.65)), ("٢٧٫٠٤", "٤٩٫٦٥", (27.04, 49.65)), ("−۱۱٫۷", "43", (-11.7, 43)), ("", "", None)],
)
def test_17_a_place_is_written_in_any_digits(desk, latitude, longitude, place):
    city = make(LearningCity, public=[])
    send(desk, f"/ar/admin/partners/learningcity/{city.pk}/change/", latitude=latitude, longitude=longitude)
    assert reread(city).place == place


@pytest.mark.parametrize(
    ("latitude", "longitude", "errors"),
    [
        ("27", "", {"__all__": ["A place on the map needs both numbers, latitude and longitude."]}),
        ("", "49", {"__all__": ["A place on the map needs both numbers, latitude and longitude."]}),
        ("90.5", "49", {"latitude": ["Ensure this value is less than or equal to 90."]}),
        ("27", "-181", {"longitude": ["Ensure this value is greater than or equal to -180."]}),
        ("nan", "49", {"latitude": ["Enter a number."]}),
    ],
)
def test_half_a_place_or_one_that_is_nowhere_is_refused_in_words(desk, latitude, longitude, errors):
    city = make(LearningCity)
    address = f"/en/admin/partners/learningcity/{city.pk}/change/"
    response = send(desk, address, latitude=latitude, longitude=longitude)
    assert response.context["adminform"].form.errors == errors
    assert in_form(response, "learningcity_form", "latitude") == [latitude]
