"""What is found, when, and in which order."""

from datetime import date, timedelta
from itertools import count

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from conference_site.search import finding
from conference_site.search.documents import vector
from conference_site.search.finding import BEGINNING, find
from conference_site.search.lexemes import quote
from conference_site.search.marks import year_mark
from conference_site.search.models import SearchEntry
from conference_site.search.names import Names, whole
from conference_site.search.queries import NO_NAMES, parse

pytestmark = pytest.mark.django_db

NUMBERS = count(1)
HOUR = timedelta(hours=1)


def enter(title: str = "", text: str = "", language: str = "en", **fields) -> SearchEntry:
    """An entry that has been public for an hour, unless ``fields`` says otherwise."""
    weighted, day = [("A", language, title), ("C", language, text)], fields.get("day")
    defaults = {"kind": "newsitem", "object_id": next(NUMBERS), "publish_at": timezone.now() - HOUR}
    defaults["vector"] = vector(weighted, [year_mark(day and day.year)])
    defaults["title_vector"] = vector(weighted[:1])
    return SearchEntry.objects.create(title=title, text=text, language=language, **defaults | fields)


def found(query: str, language: str = "en", names: Names = NO_NAMES, **options) -> list[str]:
    return [result.title for result in find(parse(query, names), language, **options).results]


def test_only_what_is_public_now_is_found():
    now = timezone.now()
    enter("school: public")
    enter("school: never published", publish_at=None)
    enter("school: scheduled", publish_at=now + HOUR)
    enter("school: expired", expires_at=now - timedelta(seconds=1))
    enter("school: will expire", expires_at=now + HOUR, day=date(2024, 1, 1))
    assert found("school") == ["school: public", "school: will expire"]


def test_titles_come_before_texts_and_exact_forms_before_others():
    enter("other", text="a school")
    enter("other forms", text="two schools")
    enter("two schools")
    enter("a school")
    assert found("school") == ["a school", "two schools", "other", "other forms"]


def test_what_is_called_so_comes_before_what_has_the_word():
    name = "UNESCO"
    for title in (name, "UNESCO Institute"):
        marks = [quote(whole(title, "en"))]
        enter(title, title_vector=vector([("A", "en", title)], marks))
    names = Names([["UNESCO", "اليونسكو"]])
    assert found("unesco") == found("اليونسكو", names=names) == ["UNESCO", "UNESCO Institute"]
    assert found("unesco institute") == ["UNESCO Institute"]


def test_what_is_newer_comes_first_and_what_has_no_day_before_that():
    for day in (date(2024, 1, 1), date(2025, 1, 1), date(2023, 1, 1)):
        enter(f"school {day.year}", day=day)
    enter("school, for ever")
    assert found("school") == ["school, for ever", "school 2025", "school 2024", "school 2023"]


def test_an_item_is_found_once_in_the_readers_language():
    enter("ALECSO in English", object_id=5000)
    enter("ALECSO بالعربية", language="ar", object_id=5000)
    enter("ALECSO only in English")
    assert found("ALECSO", "ar") == ["ALECSO بالعربية", "ALECSO only in English"]
    assert found("ALECSO", "en") == ["ALECSO only in English", "ALECSO in English"]


def test_of_one_kind_and_of_a_year():
    enter("school news", day=date(2024, 5, 1))
    enter("old school news", day=date(2023, 5, 1))
    enter("school goal", kind="goal")
    assert found("school", kind="goal") == ["school goal"]
    assert found("school", year=2024) == ["school news"]


def test_pages_follow_one_another_without_gap_or_overlap():
    for number in range(7):
        language = "ar" if number in (1, 4) else "en"
        enter("UNESCO" if number % 2 else "other", text="UNESCO", language=language, day=date(2024, 1, 1 + number // 3))
    whole = [result.place for result in find(parse("UNESCO"), "en", most=100).results]
    pages, after = [], BEGINNING
    while page := find(parse("UNESCO"), "en", after=after, most=2).results:
        pages += [result.place for result in page]
        after = page[-1].place
    assert len(whole) == 7
    assert pages == whole


@pytest.fixture
def counted(monkeypatch):
    """At most three items are counted and ranked."""
    monkeypatch.setattr(finding, "MOST_COUNTED", 3)


def numbers(query: str) -> tuple[dict[str, int], str | None]:
    answer = find(parse(query), "en")
    return answer.counts, answer.cut


@pytest.mark.usefixtures("counted")
def test_only_the_newest_are_counted_and_ranked():
    for year in range(2020, 2026):
        enter(f"school {year}", day=date(year, 1, 1))
    enter("school, for ever", kind="goal")
    assert found("school") == ["school, for ever", "school 2025", "school 2024"]
    assert numbers("school") == ({"goal": 1, "newsitem": 2}, "newsitem")


@pytest.mark.usefixtures("counted")
def test_there_is_more_only_where_there_is():
    for year in (2023, 2024, 2025):
        enter("UNESCO", day=date(year, 1, 1))
    assert numbers("UNESCO") == ({"newsitem": 3}, None)
    enter("UNESCO", kind="goal")
    assert numbers("UNESCO") == ({"goal": 1, "newsitem": 2}, "newsitem")


@pytest.mark.usefixtures("counted")
def test_as_many_items_are_counted_where_each_has_an_entry_for_each_language():
    for year in range(2020, 2026):
        for language in ("ar", "en"):
            enter("UNESCO", language=language, object_id=year, day=date(year, 1, 1))
    assert numbers("UNESCO") == ({"newsitem": 3}, "newsitem")


@pytest.mark.usefixtures("counted")
def test_recent_years_are_enough_only_where_they_have_enough():
    this_year = timezone.localdate().year
    years = (this_year + 1, this_year, this_year - 5)
    for year in years:
        enter(f"school {year}", day=date(year, 1, 1))
    assert found("school") == [f"school {year}" for year in years]
    for day in range(1, 8):
        enter(f"school on {day} June", day=date(this_year, 6, day))
    assert f"school {this_year + 1}" in found("school")
    assert f"school {this_year - 5}" not in found("school")


def test_the_command_judges_a_file_and_refuses_what_is_none(tmp_path, capsys):
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text(
        "query\tdocument\tmust_match\twhy\nمدرسة\tالمدارس\tyes\tplural\nمدرسة\tجامعة\tyes\tother\nمدن\tبحر\tno\tother\n"
    )
    call_command("search_pairs", pairs)
    assert capsys.readouterr().out.splitlines() == ["miss: مدرسة | جامعة | other", "hit 1 of 2, false 0 of 1"]
    assert not SearchEntry.objects.exists()
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("search_pairs", tmp_path)
    for line in ("مدرسة\tالمدارس\tmaybe\twhy", "مدرسة"):
        pairs.write_text(f"query\tdocument\tmust_match\twhy\n{line}\n")
        with pytest.raises(CommandError, match="cannot be read"):
            call_command("search_pairs", pairs)
