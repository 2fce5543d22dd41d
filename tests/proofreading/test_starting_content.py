"""The site's own texts raise nothing: who sets an example has to keep to it, and who cries wolf isn't heard."""

import pytest

from conference_site.proofreading.models import OfficialName
from conference_site.proofreading.names import Names
from conference_site.proofreading.remarks import remarks
from conference_site.publishing.models import Revision
from tests import starting_content

pytestmark = pytest.mark.django_db


def test_the_starting_content_raises_nothing_and_brings_its_official_names():
    starting_content.load()
    names = Names(OfficialName.objects.values_list("name", "replaces"))
    found = {
        (revision.content_type.model, str(remark.place.label), remark.finding.rule, remark.finding.excerpt)
        for revision in Revision.objects.all()
        for remark in remarks(revision.content_type.model_class(), revision.data, names)
    }
    assert found == set()
    assert Revision.objects.count() > 30
    assert OfficialName.objects.count() == 14
