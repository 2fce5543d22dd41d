"""Who may do what at the desk, and when: every role × action × state of a text × stage of the work, over HTTP.

`RIGHTS` and `ACTIONS` are the rules. What they allow has to happen, and is said; what they refuse is refused in words, in the
language of the page, and changes nothing in any table. `make proof-desk` tries each role with each action, where those who may do
nothing take turns, each role in each state and each action in four of them; each press that depends on the stage in each stage;
and all of them together.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from html import unescape
from itertools import product

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from conference_site.languages.content import codes, language_name
from conference_site.publishing import replacements, versions, working_copies
from conference_site.publishing.models import Publishable, Stage
from news.models import NewsItem
from pages.models import Goal
from tests.builders import make, make_user
from tests.desk.forms import fields_of

pytestmark = pytest.mark.django_db

# The roles

OUTSIDE = ("anonymous", "reader", "disabled")
"""Nobody; somebody signed in who is not of the staff; an editor whose account was closed while signed in."""
RIGHTS: dict[type[Publishable], dict[str, set[str]]] = {
    NewsItem: {
        "nobody": set(),
        "editor": {"view", "add", "change", "delete", "publish"},
        "organiser": {"view", "approve"},
        "administrator": {"view", "add", "change", "delete", "publish", "approve", "purge"},
    },
    Goal: {
        "nobody": set(),
        "editor": {"view"},
        "organiser": {"view", "add", "change", "delete", "publish", "approve"},
        "administrator": {"view", "add", "change", "delete", "publish", "approve", "purge"},
    },
}

# The states of the Arabic text; the English one is a draft

STATES = ("never public", "scheduled", "public", "changed", "planned", "expired", "deleted")
STAGES = (Stage.NONE, Stage.WRITING, Stage.SUBMITTED, Stage.SENT_BACK, Stage.APPROVED)
KEPT = STATES[:-1]

# The words

FORBIDDEN = "Access to this page is not allowed"
NOT_FOUND = "Page not found"
GONE = "“%(title)s” was deleted."
UNAPPROVED = "This text has to be approved before it is published: %(language)s."
PUBLIC_ALREADY = (
    "This text has been public since %(date)s. To change it later, say when under “Replace on”; to hide it until then, "
    "withdraw it: %(language)s."
)
NOT_PUBLIC = "There is nothing to replace, for this text is not public: %(language)s."
NOTHING_TO_WITHDRAW = "This text is not public, and is not going to be: %(language)s."
NO_PLAN = "No replacement is planned any more."
TOO_LATE = "This can’t be done any more: the text is in another stage now."
LIST_CHANGED = "Somebody has changed this list meanwhile. Nothing was saved; this is how it stands now."
NOT_PUBLIC_YET = "Draft saved. Nothing of it is public yet."
REVERTED = "The earlier version is the working copy again. Nothing was published by it."
NOT_IN_THE_LIST = "It is not in this list any more."
NOTHING_NEW = "Nothing has changed since it was published."
COPIED = "This is the copy, a draft that is public nowhere. The original stays as it is."
FIXED = "The draft is saved; what the public sees has not changed."


@dataclass(frozen=True)
class Item:
    """What is acted on, with what its forms had shown before."""

    item: Publishable
    form: dict
    new: dict

    @property
    def newest(self) -> int:
        return working_copies.revisions_of(self.item).values_list("pk", flat=True).first()

    @property
    def oldest(self) -> int:
        return working_copies.revisions_of(self.item).values_list("pk", flat=True).last()

    def button(self, name: str, **given) -> dict:
        return {"language": "ar", "seen": self.newest, "remark": "سبب", "due_on": "2030-01-01", name: "pressed"} | given


@dataclass(frozen=True)
class Action:
    """One page, or one press: who may, what is sent, what is said where it is done, and where it is refused."""

    right: str
    """Any of these; empty for all who may sign in to the desk."""
    view: str
    send: Callable[[Item], dict] | None = None
    """What is posted; without it, the page is opened."""
    done: str = ""
    refused: dict[str, str] = field(default_factory=dict)
    """State or stage → what is said."""
    unapproved: str = ""
    """What is said where the site has reviews and the text is not approved; empty if that does not matter."""


def many(act: str, right: str, done: str, refused: dict[str, str], unapproved: str = "") -> Action:
    """An act on the items that were marked in a list, here one."""

    def send(it: Item) -> dict:
        return {"act": act, "items": f"{it.item.pk}:{it.newest}", "language": "ar"}

    return Action(right, "bulk", send, done, refused | {"deleted": NOT_IN_THE_LIST}, unapproved)


def later(days: int) -> dict[str, str]:
    return {"_0": f"{timezone.localdate() + timedelta(days=days)}", "_1": "09:30"}


def moment(name: str, days: int) -> dict[str, str]:
    return {name + part: value for part, value in later(days).items()}


def each(states: tuple, words: str) -> dict[str, str]:
    return dict.fromkeys(states, words)


DELETED = {"deleted": GONE}
SELECTED = "_selected_action"
ACTIONS: dict[str, Action] = {
    "open the start page": Action("", "index"),
    "open the board": Action("", "board"),
    "open the list": Action("view", "changelist"),
    "open the deleted items": Action("delete", "changelist?deleted=1"),
    "open a new form": Action("add", "add"),
    "add": Action("add", "add", lambda it: it.new | {"title_ar": "جديد"}, NOT_PUBLIC_YET),
    "open the form": Action("view", "change", refused=DELETED),
    "save": Action("change", "change", lambda it: it.form | {"title_ar": "آخر"}),
    "save a translation": Action("change", "change", lambda it: it.form | {"title_en": "Another"}),
    "open the history": Action("view", "history", refused=DELETED),
    "compare": Action("view", "compare?from={oldest}&to={newest}", refused=DELETED),
    "open a version": Action("view", "version", refused=DELETED),
    "revert": Action("change", "version", lambda it: {}, REVERTED, DELETED),
    "open the preview": Action("view", "preview", refused=DELETED),
    "preview": Action("view", "framed?language=ar", refused=DELETED),
    "make a preview link": Action("change", "preview", lambda it: {"days": "7"}, refused=DELETED),
    "end preview links": Action(
        "change", "preview", lambda it: {"_end": "1"}, "All preview links of this item have ended.", DELETED
    ),
    "open the review": Action("view approve", "review", refused=DELETED),
    "submit": Action(
        "change",
        "review",
        lambda it: it.button("_submit"),
        "Submitted for review: %(language)s.",
        DELETED | each((Stage.NONE, Stage.SUBMITTED, Stage.APPROVED), TOO_LATE),
    ),
    "approve": Action(
        "approve",
        "review",
        lambda it: it.button("_approve"),
        "Approved: %(language)s.",
        DELETED | each((Stage.NONE, Stage.WRITING, Stage.SENT_BACK, Stage.APPROVED), TOO_LATE),
    ),
    "send back": Action(
        "approve",
        "review",
        lambda it: it.button("_send_back"),
        "Sent back: %(language)s.",
        DELETED | each((Stage.NONE, Stage.WRITING, Stage.SENT_BACK, Stage.APPROVED), TOO_LATE),
    ),
    "set a date": Action(
        "change",
        "review",
        lambda it: it.button("_due"),
        "The date is kept: %(language)s.",
        DELETED | each(("scheduled", "public", "changed", "planned", "expired"), TOO_LATE),
    ),
    "open the translation": Action("view", "translation", refused=DELETED),
    "confirm a translation": Action(
        "change",
        "translation",
        lambda it: {"path": "title_en", "seen": it.newest},
        "The translation stands as it is.",
        DELETED,
    ),
    "open publishing": Action("publish", "publish", refused=DELETED),
    "publish now": Action(
        "publish", "publish", lambda it: {"publish_ar": "on"}, "Published: %(languages)s.", DELETED, unapproved=UNAPPROVED
    ),
    "schedule": Action(
        "publish",
        "publish",
        lambda it: {"publish_ar": "on"} | moment("publish_at_ar", 5),
        "Scheduled: %(languages)s, for %(moment)s.",
        DELETED | each(("public", "changed", "planned"), PUBLIC_ALREADY),
        unapproved=UNAPPROVED,
    ),
    "plan a replacement": Action(
        "publish",
        "publish",
        lambda it: {"publish_ar": "on"} | moment("replace_at", 3),
        "To be replaced on %(moment)s: %(languages)s.",
        DELETED | each(("never public", "scheduled", "expired"), NOT_PUBLIC),
        unapproved=UNAPPROVED,
    ),
    "give up the replacement": Action(
        "publish",
        "publish",
        lambda it: {"_give_up": "1"},
        "What is public will not be replaced.",
        DELETED | each(("never public", "scheduled", "public", "changed", "expired"), NO_PLAN),
    ),
    "withdraw": Action(
        "publish",
        "publish",
        lambda it: {"_withdraw": "ar"},
        "",
        DELETED | each(("never public", "expired"), NOTHING_TO_WITHDRAW),
    ),
    "ask to delete": Action("delete", "delete", refused=DELETED),
    "delete": Action("delete", "delete", lambda it: {"post": "yes"}, refused=DELETED),
    "restore": Action(
        "delete",
        "changelist?deleted=1",
        lambda it: {"action": "restore", SELECTED: it.item.pk, "index": "0"},
        "Restored: %(items)s.",
        each(KEPT, LIST_CHANGED),
    ),
    "purge": Action(
        "purge",
        "changelist?deleted=1",
        lambda it: {"action": "purge", SELECTED: it.item.pk, "post": "yes"},
        "Deleted for ever: %(items)s.",
        each(KEPT, LIST_CHANGED),
    ),
    "put right": Action("change", "proofread", lambda it: {"fix": first_remark(it.item).token}, FIXED, DELETED),
    "put all right": Action("change", "proofread", lambda it: {"fix_all": check(it.item).token_of_all}, FIXED, DELETED),
    "dismiss": Action(
        "change",
        "proofread",
        lambda it: {"dismiss": first_remark(it.item).token},
        "This will not be shown again for this text.",
        DELETED,
    ),
    "duplicate": Action("add", "duplicate", lambda it: {}, COPIED, DELETED),
    "publish many": many(
        "publish",
        "publish",
        "%(count)s item was published.",
        each(("scheduled", "public"), NOTHING_NEW),
        unapproved="It has to be approved first.",
    ),
    "withdraw many": many(
        "withdraw", "publish", "%(count)s item was withdrawn.", each(("never public", "expired"), "It is not public.")
    ),
    "submit many": many(
        "submit",
        "change",
        "%(count)s item was submitted for review.",
        {
            Stage.NONE: "There is nothing to be reviewed in it.",
            Stage.SUBMITTED: "It waits for a review already.",
            Stage.APPROVED: "It is approved already.",
        },
    ),
    "approve many": many(
        "approve",
        "approve",
        "%(count)s item was approved.",
        each((Stage.NONE, Stage.WRITING, Stage.SENT_BACK, Stage.APPROVED), "It does not wait for a review."),
    ),
    "delete many": many("delete", "delete", "%(count)s item was deleted.", {}),
    "be seen": Action("change", "present", lambda it: {}, refused={"deleted": NOT_FOUND}),
}
OF_ONE_KIND: dict[type[Publishable], dict[str, Action]] = {
    NewsItem: {
        "open the photographs": Action("change", "photographs", refused=DELETED),
        "open pin or feature": Action("publish", "prominence", refused=DELETED),
        "pin": Action("publish", "prominence", lambda it: {"pinned": "on"}, "Kept: the site shows it so from now on.", DELETED),
    },
    Goal: {
        "order": Action("change", "changelist", lambda it: order_of(it.item), "", {"deleted": LIST_CHANGED}),
    },
}
OF_A_STAGE = {
    False: ["submit", "approve", "send back", "set a date"],
    True: ["publish now", "schedule", "plan a replacement"],
}
"""What depends on the stage of the text: in any case, or where the site has reviews."""


def check(item: Publishable):
    from conference_site.desk.proofreading import ContentCheck

    return ContentCheck.of(item)


def first_remark(item: Publishable):
    return next(remark for remark in check(item).remarks if remark.is_certain)


def order_of(item: Publishable) -> dict:
    counts = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1"}
    return counts | {"form-0-id": str(item.pk), "form-0-order": "77", "_save": "1"}


# Bringing a text into its state


def bring(model: type[Publishable], state: str, administrator: Client, new: dict) -> Item:
    """An item whose Arabic text is in this state, with an earlier version and something to be put right."""
    item = make(model, public=[], title_ar="عنوان قديم", title_en="Old", summary_ar="من التعليم الى الابتكار")
    working_copies.record(item, "saved")
    change(item, title_ar="عنوان")
    now = timezone.now()
    if state == "scheduled":
        publish(item, now + timedelta(days=1))
    elif state != "never public":
        publish(item, now - timedelta(days=1))
    if state in ("changed", "planned"):
        change(item, title_ar="عنوان أجدد")
    if state == "planned":
        replacements.plan(item, ["ar"], now + timedelta(days=2))
    if state == "expired":
        working_copies.withdraw(item, ["ar"])
    with override("en"):
        found = Item(
            item,
            fields_of(administrator.get(address(item, "change")), f"{item._meta.model_name}_form"),
            new,
        )
    if state == "deleted":
        working_copies.delete(item)
    return found


def change(item: Publishable, **fields) -> None:
    data = working_copies.working_copy(item)
    working_copies.save(item, data | {"fields": data["fields"] | fields})


def publish(item: Publishable, moment: datetime) -> None:
    working_copies.publish(item, ["ar"], None, {"publish_at_ar": moment})


# Acting


def address(item: Publishable, view: str, **values) -> str:
    """The address of a view, under the language that is active."""
    name, mark, query = view.partition("?")
    if name in ("index", "board"):
        return reverse(f"admin:{name}")
    args = [] if name in ("changelist", "add", "bulk") else [item.pk]
    args += [values["oldest"]] if name == "version" else []
    return reverse(f"admin:{item._meta.app_label}_{item._meta.model_name}_{name}", args=args) + mark + query.format(**values)


def act(client: Client, action: Action, it: Item, language: str) -> HttpResponse:
    with override(language):
        place = address(it.item, action.view, oldest=it.oldest, newest=it.newest)
    return client.post(place, action.send(it)) if action.send else client.get(place)


def told(response: HttpResponse) -> str:
    """What the answer says, on its page or in the message that the next one shows."""
    if response.status_code == 302:
        return " ".join(str(message) for message in get_messages(response.wsgi_request))
    return re.sub(r"\s+", " ", unescape(response.content.decode()))


def in_words(sentence: str, language: str) -> str:
    """The sentence in this language: the longest part of it in which nothing is filled in."""
    with override(language):
        filled = re.sub(r"%\(languages?\)s", str(language_name("ar")), gettext(sentence))
    return max(re.split(r"%\(\w+\)s", filled), key=len)


# Watching


def every_table() -> str:
    """A query for the content of all tables: what the desk never writes, and the sessions, are left out."""
    left_out = {"django_session", "django_migrations", "django_content_type", "auth_permission", "auth_group_permissions"}
    tables = sorted(set(connection.introspection.table_names()) - left_out)
    rows = "SELECT '{0}', md5(string_agg(row::text, ' ' ORDER BY row::text)) FROM {0} row"
    return " UNION ALL ".join(rows.format(table) for table in tables) + " ORDER BY 1"


@contextmanager
def writes() -> Iterator[list[str]]:
    """Collects the statements of the block that may have written to a table, sessions left out."""
    found: list[str] = []

    def look(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
        if not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")) and "django_session" not in sql:
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found


@contextmanager
def undone() -> Iterator[None]:
    """Whatever the block writes is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Matrix:
    """The clients of all roles before one kind of content."""

    def __init__(self, model: type[Publishable]) -> None:
        self.model, self.clients, self.query = model, {}, every_table()
        self.faults: list[str] = []
        self.number = 0
        for role in (*OUTSIDE, *RIGHTS[model]):
            self.clients[role] = client = Client()
            if role != "anonymous":
                user = make_user(role if role in RIGHTS[model] and role != "nobody" else None)
                client.force_login(user)
            if role == "reader":
                User.objects.filter(pk=user.pk).update(is_staff=False)
            if role == "disabled":
                User.objects.filter(pk=user.pk).update(is_active=False)

    @property
    def actions(self) -> dict[str, Action]:
        return ACTIONS | OF_ONE_KIND[self.model]

    @cached_property
    def new(self) -> dict:
        """What the form of something new has shown."""
        with override("en"):
            page = self.clients["administrator"].get(address(self.model(), "add"))
        return fields_of(page, f"{self.model._meta.model_name}_form")

    def content(self) -> list[tuple[str, str]]:
        with connection.cursor() as cursor:
            cursor.execute(self.query)
            return cursor.fetchall()

    def try_in(self, state: str, cases: Iterable[tuple[str, str, Stage, bool]]) -> None:
        """Try these, each a role and an action, a stage, and whether the site has reviews, with a text in this state."""
        with undone():
            it = bring(self.model, state, self.clients["administrator"], self.new)
            before = {}
            for role, name, stage, reviews in cases:
                versions.of(it.item).filter(language="ar").update(stage=stage)
                before[stage] = before.get(stage) or self.content()
                with override_settings(REVIEWS=reviews), undone():
                    fault = self.fault(role, name, it, state, stage, before[stage])
                if fault:
                    self.faults.append(f"{role}, {name}, {state}, {stage or '-'}, reviews={reviews}: {fault}")

    def fault(self, role: str, name: str, it: Item, state: str, stage: Stage, before: list) -> str:
        """What is wrong with the answer; nothing if all is well."""
        self.number += 1
        language, action = codes()[self.number % len(codes())], self.actions[name]
        with writes() as statements, transaction.atomic():
            response = act(self.clients[role], action, it, language)
        after = self.content() if statements else before
        changed = [new[0] for old, new in zip(before, after, strict=True) if old != new]
        if role in OUTSIDE:
            asks = response.status_code == 302 and response["Location"].startswith(f"/{language}/admin/login/?next=")
            return "" if asks and not changed else f"{response.status_code}, changed {changed}"
        refusals, said = self.refusals(role, action, state, stage), told(response)
        if refusals:
            fits = any(in_words(words, language) in said for words in refusals) and not changed
        else:
            fits = response.status_code in (200, 302) and in_words(action.done, language) in said
            fits = fits and bool(changed) == bool(action.send)
        expected = f"refused by {refusals}" if refusals else f"done, {action.done}"
        return "" if fits else f"not {expected} but {response.status_code} {said if len(said) < 300 else 'a page'} {changed}"

    def refusals(self, role: str, action: Action, state: str, stage: Stage) -> list[str]:
        """The sentences of which one has to be said; none where it is allowed."""
        rights = RIGHTS[self.model][role]
        if action.right and not rights & set(action.right.split()):
            return [FORBIDDEN, action.refused["deleted"]] if state == "deleted" and "deleted" in action.refused else [FORBIDDEN]
        if state == "deleted" and "deleted" in action.refused:
            return [action.refused["deleted"]]
        unapproved = settings.REVIEWS and "approve" not in rights and stage != Stage.APPROVED
        refused = [action.refused[key] for key in (state, stage) if key in action.refused]
        return [action.unapproved, *refused] if action.unapproved and unapproved else refused


@pytest.mark.proof
@pytest.mark.parametrize("model", [NewsItem, Goal])
def test_each_role_action_and_state(model):
    """Each action by each role that may do something, and by one of the others; no action twice in one state."""
    matrix, cases = Matrix(model), defaultdict(list)
    powerless = [role for role in matrix.clients if not RIGHTS[model].get(role)]
    mighty = [role for role in matrix.clients if role not in powerless]
    for column, name in enumerate(matrix.actions):
        for row, role in enumerate([*mighty, powerless[column % len(powerless)]]):
            stage = STAGES[(row + column) % len(STAGES)]
            cases[STATES[(row + column) % len(STATES)]].append((role, name, stage, bool(column % 2)))
    for state in STATES:
        matrix.try_in(state, cases[state])
    assert "\n".join(matrix.faults) == ""
    assert {(role, state) for state in STATES for role, *_rest in cases[state]} == set(product(matrix.clients, STATES))
    assert matrix.number == (len(mighty) + 1) * len(matrix.actions)


@pytest.mark.proof
def test_each_stage():
    """What waits for a review and what comes of one, in a text that was never public, by those who have the right to it."""
    matrix = Matrix(NewsItem)
    names = [(name, reviews) for reviews, names in OF_A_STAGE.items() for name in names]
    cases = [
        (role, name, stage, reviews)
        for role, (name, reviews), stage in product(matrix.clients, names, STAGES)
        if ACTIONS[name].right in RIGHTS[NewsItem].get(role, ())
    ]
    assert len(cases) == 2 * len(names) * len(STAGES)
    matrix.try_in("never public", cases)
    assert "\n".join(matrix.faults) == ""


@pytest.mark.proof
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("model", RIGHTS, ids=lambda model: model.__name__)
def test_everything_together(model, state):
    matrix = Matrix(model)
    cases = list(product(matrix.clients, matrix.actions, STAGES, (False, True)))
    matrix.try_in(state, cases)
    assert "\n".join(matrix.faults) == ""
    assert matrix.number == len(cases)
