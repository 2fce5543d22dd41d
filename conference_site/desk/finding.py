"""The search of the whole desk: everything that an editor may see, by the kinds of it.

What the site's search knows is found as there, whatever the language, drafts by the titles of their working copies too; all else
that the desk lists is asked, kind by kind, as its own list's search box asks (``search_fields``).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlencode

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conference_site.desk import work
from conference_site.languages.content import codes, current
from conference_site.publishing.models import LanguageVersion, Publishable
from conference_site.search import finding
from conference_site.search.models import Searchable, SearchEntry
from conference_site.search.queries import beginning, parse

SHOWN = 6
"""Items of each kind that are shown; the kind's own list has all."""

# Items once each, with the first of each kind and how many there are; what is deleted has a list of its own.
FIND = f"""
    {finding.THROUGH_THE_INDEX}
    WITH known AS (SELECT * FROM unnest(%(types)s::int[], %(kinds)s::text[]) AS known (type, kind)),
    -- By the index of its words alone: reading every vector of a kind is what the planner takes for free.
    titled AS MATERIALIZED (
        SELECT content_type_id, object_id FROM publishing_languageversion WHERE words @@ %(match)s::tsquery
    ),
    matching AS (
        SELECT kind, object_id, day, (title_vector @@ %(match)s::tsquery)::int AS rank FROM search_searchentry
        WHERE vector @@ %(match)s::tsquery AND kind = ANY(%(kinds)s::text[])
        UNION ALL
        SELECT kind, object_id, '-infinity', 1 FROM titled JOIN known ON content_type_id = type
    ),
    items AS (SELECT kind, object_id, max(day) AS day, max(rank) AS rank FROM matching GROUP BY kind, object_id),
    gone AS MATERIALIZED (SELECT content_type_id, object_id FROM publishing_languageversion WHERE deleted_at IS NOT NULL),
    places AS (
        SELECT kind, object_id, count(*) OVER (PARTITION BY kind) AS number,
            row_number() OVER (PARTITION BY kind ORDER BY rank DESC, day DESC, object_id DESC) AS place
        FROM items WHERE (kind, object_id) NOT IN (SELECT kind, object_id FROM gone JOIN known ON content_type_id = type)
    )
    SELECT kind, object_id, number FROM places WHERE place <= {SHOWN} ORDER BY kind, place
"""


class FindForm(forms.Form):
    q = forms.CharField(label=_("Words of a title, a text or a name"), required=False, max_length=200)


class Key(NamedTuple):
    kind: str
    object_id: int


@dataclass(frozen=True, slots=True)
class Row:
    """One item: what it is called, where its form is, and how far its languages are, where it has such."""

    called: str
    address: str
    versions: list[LanguageVersion] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind; ``address`` is its own list with all of it, where there is more."""

    kind: str
    rows: list[Row]
    address: str | None


def found_by(request: HttpRequest, admins: list[ModelAdmin], words: str) -> list[Group]:
    """What these words find of all that the user may see. As many queries whatever there is."""
    allowed = [each for each in admins if each.has_view_or_change_permission(request)]
    searchable = [each for each in allowed if issubclass(each.model, Searchable) and each.model.search_weights]
    others = [each for each in allowed if each not in searchable and each.get_search_fields(request)]
    groups = [*_known_to_the_search(request, searchable, words), *_asked_one_by_one(request, others, words)]
    return sorted(groups, key=lambda group: group.kind)


def _known_to_the_search(request: HttpRequest, admins: list[ModelAdmin], words: str) -> Iterator[Group]:
    numbers = _keys({each.model._meta.model_name: each.model for each in admins}, words)
    titles, versions = _titles(numbers), _versions(request, admins, numbers)
    for each in admins:
        kind = each.model._meta.model_name
        keys = [key for key in numbers if key.kind == kind]
        rows = [Row(_title(titles[key], versions[key]), _form(each, key.object_id), versions[key]) for key in keys]
        if rows:
            yield _group(each, rows, words, has_more=numbers[keys[0]] > len(rows))


def _keys(models: dict[str, type[Searchable]], words: str) -> dict[Key, int]:
    """The first items of each kind, in their order, each with how many of its kind there are."""
    query = parse(words, finding.current_names())
    if query is None or not models:
        return {}
    types = [ContentType.objects.get_for_model(model).pk for model in models.values()]
    values = {"kinds": list(models), "types": types, "match": f"({query.match}) | ({beginning(words)})"}
    with connection.cursor() as cursor:
        cursor.execute(FIND, values)
        cursor.nextset()  # after the setting's
        return {Key(kind, object_id): number for kind, object_id, number in cursor}


def _titles(keys: dict[Key, int]) -> dict[Key, dict[str, str]]:
    """The titles of the live rows, by language."""
    found: dict[Key, dict[str, str]] = defaultdict(dict)
    wanted = Q(pk__in=[])
    for kind, object_ids in _by_kind(keys).items():
        wanted |= Q(kind=kind, object_id__in=object_ids)
    for kind, object_id, language, title in SearchEntry.objects.filter(wanted).values_list(
        "kind", "object_id", "language", "title"
    ):
        found[Key(kind, object_id)][language] = title
    return found


def _versions(request: HttpRequest, admins: list[ModelAdmin], keys: dict[Key, int]) -> dict[Key, list[LanguageVersion]]:
    """The work on each item's languages, in the site's order."""
    found: dict[Key, list[LanguageVersion]] = defaultdict(list)
    wanted, by_kind = Q(pk__in=[]), _by_kind(keys)
    for each in admins:
        kind = each.model._meta.model_name
        if issubclass(each.model, Publishable) and kind in by_kind:
            wanted |= Q(content_type=ContentType.objects.get_for_model(each.model), object_id__in=by_kind[kind])
    for version in work.with_models(work.versions_for(request.user).filter(wanted)):
        kind = ContentType.objects.get_for_id(version.content_type_id).model
        found[Key(kind, version.object_id)].append(version)
    for versions in found.values():
        versions.sort(key=lambda version: codes().index(version.language) if version.language in codes() else len(codes()))
    return found


def _by_kind(keys: dict[Key, int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for kind, object_id in keys:
        found[kind].append(object_id)
    return found


def _title(live: dict[str, str], versions: list[LanguageVersion]) -> str:
    """That of the working copy, else of the live row; in the reader's language, else in another."""
    titles = live | {version.language: version.title for version in versions if version.title}
    return next((titles[code] for code in [current(), *codes()] if titles.get(code)), "—")


def _asked_one_by_one(request: HttpRequest, admins: list[ModelAdmin], words: str) -> Iterator[Group]:
    for each in admins:
        found, _may_repeat = each.get_search_results(request, each.get_queryset(request), words)
        items = list(found[: SHOWN + 1])
        if items:
            rows = [Row(str(item), _form(each, item.pk)) for item in items[:SHOWN]]
            yield _group(each, rows, words, has_more=len(items) > SHOWN)


def _group(each: ModelAdmin, rows: list[Row], words: str, has_more: bool) -> Group:
    address = f"{reverse(_name(each, 'changelist'))}?{urlencode({'q': words})}"
    return Group(str(capfirst(each.opts.verbose_name_plural)), rows, address if has_more else None)


def _form(each: ModelAdmin, pk: int) -> str:
    return reverse(_name(each, "change"), args=[pk])


def _name(each: ModelAdmin, view: str) -> str:
    return f"admin:{each.opts.app_label}_{each.opts.model_name}_{view}"
