"""One act on many items of a list: a page names what will happen to each, then each goes through the door of the single act.

An act is judged twice by the same rules: for the page that asks, with a few queries for all items, and for each item under its
lock, just before it is done. What can't be done is left as it is and told with its reason; the rest is done, each item in a
transaction of its own. An item that has changed since the page was shown is left, so that nothing happens that nobody has seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from conference_site.languages.content import codes, language_name
from conference_site.languages.text import isolated, shortened

MOST = 200
"""Items of which one act takes care: each costs 30 to 100 milliseconds, and nobody reads what is said of more."""
NAMED = 50
"""Items that the page names; the others are counted."""
TOLD = 20
"""Reasons that are told afterwards; the others are counted."""
LONGEST_TITLE = 80  # characters, in what is told afterwards
WHOLE = ""
"""In the place of a language: the item as a whole."""


class Verdict(NamedTuple):
    """Whether an act will be done on a text, and in words what becomes of it, or why not; perhaps because nothing has to be."""

    will: bool
    words: str | Promise
    is_settled: bool = False


@dataclass
class Candidate:
    """An item that was chosen: ``verdicts`` by language, or of the item as a `WHOLE`; ``seen`` is the version that was judged."""

    item: models.Model
    called: str
    verdicts: dict[str, Verdict]
    seen: int = 0
    notes: list[str] = field(default_factory=list)

    def will(self, languages: Iterable[str]) -> list[str]:
        """Those of the languages in which the act can be done."""
        return [language for language in languages if self.verdicts[language].will]


class Act:
    """What is done with many items. Subclasses say what it is called, who may do it, how it is judged and done."""

    key: str
    label: str | Promise
    explanation: str | Promise
    permission: str
    by_language = True
    deletes = False
    locks_first = True
    """Whether an item's row is locked before anything else; its own `do` may have to lock other rows before it."""

    def candidates(self, items: list[models.Model], user) -> list[Candidate]:
        """The items, judged. As many queries for many as for two."""
        raise NotImplementedError

    def do(self, candidate: Candidate, languages: list[str], user) -> str:
        """Do it, through the door of the single act; returns what is to stand in the log. `ValidationError` where it can't be."""
        raise NotImplementedError

    def said(self, number: int) -> str:
        """What is said when it was done with so many items."""
        raise NotImplementedError

    def languages(self) -> list[str]:
        return codes() if self.by_language else [WHOLE]


class Outcome(NamedTuple):
    """What became of one item: the languages in which it was done, and each that was chosen and left, with the verdict on it."""

    title: str
    done: list[str]
    left: list[tuple[str, Verdict]]


class BulkMixin:
    """For a ModelAdmin: its ``acts`` on a list, each an action of Django's that leads to `bulk_view`."""

    acts: tuple[Act, ...] = ()

    def get_urls(self) -> list:
        name = f"{self.opts.app_label}_{self.opts.model_name}_bulk"
        return [path("bulk/", self.admin_site.admin_view(self.bulk_view), name=name), *super().get_urls()]

    def ask(self, request: HttpRequest, name: str, chosen: models.QuerySet) -> HttpResponse | None:
        """The page that names what will happen; None, and so back to the list, where that would be too much for one."""
        act = self._act(request, name)
        items = list(chosen[: MOST + 1])
        if len(items) > MOST:
            said = gettext("At most %(most)s items at once: please narrow the list by a filter or a search. Nothing was done.")
            messages.warning(request, said % {"most": MOST})
            return None
        candidates = act.candidates(items, request.user)
        for candidate in candidates:
            self._judge_rights(request, act, candidate)
        context = self.admin_site.each_context(request) | {
            "title": act.label,
            "subtitle": capfirst(self.opts.verbose_name_plural),
            "opts": self.opts,
            "act": act,
            "named": [(each, [(_name(code), each.verdicts[code]) for code in act.languages()]) for each in candidates[:NAMED]],
            "number_left_out": len(candidates[NAMED:]),
            "languages": [(code, _name(code), *_counted(candidates, code)) for code in act.languages()],
            "has_any": any(each.will(act.languages()) for each in candidates),
            "items": " ".join(f"{each.item.pk}:{each.seen}" for each in candidates),
            "back": request.get_full_path(),
            "media": self.media,
        }
        return TemplateResponse(request, "desk/bulk.html", context)

    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        """Do what was asked, and say what became of it. The page that asks is the answer to the list's own form."""
        back = self._list(request)
        if request.method != "POST":
            return HttpResponseRedirect(back)
        act = self._act(request, request.POST.get("act", ""))
        chosen = [language for language in act.languages() if not act.by_language or language in request.POST.getlist("language")]
        if not chosen:
            messages.warning(request, gettext("No language was marked, so nothing was done."))
            return HttpResponseRedirect(back)
        outcomes = [self._act_on(request, act, pk, seen, chosen) for pk, seen in _read(request.POST.get("items", ""))[:MOST]]
        if number := sum(bool(outcome.done) for outcome in outcomes):
            messages.success(request, act.said(number))
        left = [(each.title, *left) for each in outcomes for left in each.left]
        if settled := [each for each in left if each[2].is_settled]:
            messages.info(request, _told(gettext("Nothing had to be done:"), settled))
        if refused := [each for each in left if not each[2].is_settled]:
            messages.warning(request, _told(gettext("Not done:"), refused))
        return HttpResponseRedirect(back)

    def _act_on(self, request: HttpRequest, act: Act, pk: int, seen: int, chosen: list[str]) -> Outcome:
        """One item, in a transaction of its own, judged anew under its lock."""
        title = f"{self.opts.verbose_name} {pk}"
        try:
            with transaction.atomic():
                if act.locks_first:
                    self.model._base_manager.select_for_update(no_key=True).filter(pk=pk).first()
                item = self.get_queryset(request).filter(pk=pk).first()
                if item is None:
                    raise ValidationError(gettext("It is not in this list any more."))
                [candidate] = act.candidates([item], request.user)
                title = candidate.called
                self._judge_rights(request, act, candidate)
                languages = candidate.will(chosen)
                left = [(code, candidate.verdicts[code]) for code in chosen if code not in languages]
                if languages and candidate.seen != seen:
                    raise ValidationError(gettext("It has changed since you were asked. Please look at it again."))
                if languages and act.deletes:
                    self.log_deletions(request, [item])
                    act.do(candidate, languages, request.user)
                elif languages:
                    self.log_change(request, item, act.do(candidate, languages, request.user))
        except ValidationError as error:
            return Outcome(title, [], [(WHOLE, Verdict(False, " ".join(error.messages)))])
        return Outcome(title, languages, left)

    def _act(self, request: HttpRequest, key: str) -> Act:
        act = next((act for act in self.acts if act.key == key), None)
        if act is None or not self._may(request, act):
            raise PermissionDenied
        return act

    def _may(self, request: HttpRequest, act: Act, item: models.Model | None = None) -> bool:
        has_permission = getattr(self, f"has_{act.permission}_permission")
        return has_permission(request, item) if act.permission in ("change", "delete") else has_permission(request)

    def _judge_rights(self, request: HttpRequest, act: Act, candidate: Candidate) -> None:
        if not self._may(request, act, candidate.item):
            refusal = Verdict(False, _("You may not do this."))
            candidate.verdicts = dict.fromkeys(candidate.verdicts, refusal)

    def _list(self, request: HttpRequest) -> str:
        """The list from which the question came, with its filters."""
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        back = request.POST.get("back", "")
        return back if back == address or back.startswith(f"{address}?") else address


def action(name: str, label: str | Promise, permission: str):
    """An action of a list that asks, by `BulkMixin.ask`, before anything is done."""

    @admin.action(description=label, permissions=[permission])
    def ask(model_admin: BulkMixin, request: HttpRequest, chosen: models.QuerySet) -> HttpResponse | None:
        return model_admin.ask(request, name, chosen)

    ask.__name__ = name
    return ask


def _name(language: str) -> str | Promise:
    return language_name(language) if language else ""


def _counted(candidates: list[Candidate], language: str) -> tuple[int, int]:
    """With how many items it will be done in this language, and with how many not."""
    will = sum(candidate.verdicts[language].will for candidate in candidates)
    return will, len(candidates) - will


def _read(items: str) -> list[tuple[int, int]]:
    """``pk:seen pk:seen …``, each item once. What isn't written so was not asked by this site."""
    try:
        pairs = [tuple(map(int, pair.split(":"))) for pair in items.split()]
        return list({pk: (pk, seen) for pk, seen in pairs}.values())
    except ValueError:
        raise BadRequest from None


def _told(heading: str, left: list[tuple[str, str, Verdict]]) -> str:
    """What was not done, and why: the first of it, in a list."""
    lines = []
    for title, language, verdict in left[:TOLD]:
        name = isolated(shortened(title, LONGEST_TITLE))
        lines.append((f"{name} ({_name(language)}): {verdict.words}" if language else f"{name}: {verdict.words}",))
    if (more := len(left) - TOLD) > 0:
        lines.append((ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more},))
    return format_html("{}<ul>{}</ul>", heading, format_html_join("", "<li>{}</li>", lines))
