"""From a row of the outbox to a message in its reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy, ngettext

from conference_site.accounts.models import OF_WORK, Kind, Notice, Preferences
from conference_site.languages.content import Text, codes, current, direction, names_in_words
from conference_site.languages.text import shortened

SUBJECTS = {
    Kind.SUBMITTED: gettext_lazy("For your review: %(title)s"),
    Kind.SENT_BACK: gettext_lazy("Sent back: %(title)s"),
    Kind.APPROVED: gettext_lazy("Approved: %(title)s"),
    Kind.DUE: gettext_lazy("Translation due: %(title)s"),
    Kind.INVITED: gettext_lazy("Your account on the editors’ desk"),
    Kind.PASSWORD: gettext_lazy("A new password for the editors’ desk"),
    Kind.ACCOUNT: gettext_lazy("Your account on the editors’ desk has changed"),
}
SENTENCES = {
    Kind.SUBMITTED: gettext_lazy("A text waits for your review."),
    Kind.SENT_BACK: gettext_lazy("A text has been sent back to you, to be changed."),
    Kind.APPROVED: gettext_lazy("A text has been approved, and can be published."),
    Kind.INVITED: gettext_lazy("You have an account on the editors’ desk now. Its password can be chosen here:"),
    Kind.PASSWORD: gettext_lazy("A new password was asked for this address. It can be chosen here:"),
}
NEWS_OF_ACCOUNT = {
    "password_changed": gettext_lazy("The password has been changed."),
    "password_reset": gettext_lazy("A new password has been chosen, by a link that was sent by mail."),
    "recovery_codes_generated": gettext_lazy("New recovery codes have been made. The former ones work no more."),
    "totp_activated": gettext_lazy("An app for codes has become a second factor."),
    "totp_deactivated": gettext_lazy("The app for codes is a second factor no more."),
    "webauthn_added": gettext_lazy("A passkey or security key has been added."),
    "webauthn_removed": gettext_lazy("A passkey or security key has been removed."),
    "address_changed": gettext_lazy("Mail for this account goes to another address from now on."),
    "forgotten": gettext_lazy("An administrator has removed the second factor. The next one is made when signing in."),
}
"""What a user is told of, by the name that allauth has for it."""

BY_AN_ADMINISTRATOR = {"forgotten", "address_changed"}
EPILOGUES = {
    Kind.INVITED: gettext_lazy("The link works once, and for three days. After that an administrator can send another."),
    Kind.PASSWORD: gettext_lazy("Who did not ask for it need do nothing: the old password stays."),
    Kind.ACCOUNT: gettext_lazy("If that was not you, tell an administrator at once, and choose a new password."),
}
BY_OTHERS = gettext_lazy("If nobody asked for this, another administrator should know of it.")
LONGEST_TITLE = 120  # characters of a subject


@dataclass
class Item:
    """An item that a mail tells of, in the language that is active."""

    model: str
    pk: int
    titles: dict[str, str]
    """Language → headline; empty ones are left out."""

    languages: list[str]
    """Those of the texts that are meant."""

    page: str
    """The page of the desk that the mail leads to, by the end of its URL pattern's name."""

    due_on: str | None = None
    needs: Iterable[str] = ()

    @cached_property
    def text(self) -> Text:
        """The title by which the reader knows the item: in their language, else in that of the text that is meant."""
        wanted = [current(), *self.languages, *codes()]
        return next((Text(self.titles[code], code) for code in wanted if self.titles.get(code)), Text(self.kind, current()))

    @property
    def kind(self) -> str:
        return capfirst(apps.get_model(self.model)._meta.verbose_name)

    @property
    def in_languages(self) -> str:
        return names_in_words(self.languages)

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.due_on) if self.due_on else None

    @property
    def needed(self) -> list[str]:
        names = {"missing": gettext("Translation missing"), "outdated": gettext("Translation outdated")}
        return [names[need] for need in self.needs]

    @property
    def address(self) -> str:
        return absolute(f"admin:{self.model.replace('.', '_')}_{self.page}", self.pk)


def absolute(name: str, *args) -> str:
    """The whole address of a page of the desk, in the language that is active."""
    return settings.SITE_URL + reverse(name, args=args)


def password_link(user: User) -> str:
    """The address where the user chooses a password, once, in the language that is active. It is kept nowhere."""
    key = default_token_generator.make_token(user)
    return settings.SITE_URL + reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])


def message_of(notice: Notice) -> EmailMultiAlternatives:
    """The message, with a plain text and the same as HTML, in the language of its recipient."""
    language = Preferences.objects.language_of(notice.recipient) or notice.facts.get("language", codes()[0])
    with translation.override(language):
        template, context = _of_work(notice) if notice.kind in OF_WORK else _of_account(notice)
        context |= {"language": current(), "direction": direction(current()), "settings_address": absolute("admin:settings")}
        message = EmailMultiAlternatives(
            subject=str(context["subject"]),
            body=render_to_string(f"mail/{template}.txt", context).strip() + "\n",
            to=[notice.facts.get("to", notice.recipient.email)],
            headers={"Message-ID": message_id(notice), "Auto-Submitted": "auto-generated"},
        )
        message.attach_alternative(render_to_string(f"mail/{template}.html", context), "text/html")
    return message


def _of_work(notice: Notice) -> tuple[str, dict]:
    """The template, and what it says of items."""
    items = [Item(**item) for item in notice.facts["items"]]
    return "notice", notice.facts | {
        "items": items,
        "subject": subject(notice.kind, items, notice.facts.get("number", 1)),
        "sentence": sentence(notice),
        "is_reason": notice.kind == Kind.SENT_BACK,
        "board_address": absolute("admin:board") + "?need=due" if notice.kind == Kind.DUE else "",
    }


def _of_account(notice: Notice) -> tuple[str, dict]:
    """The template, and what it says of the recipient's own account."""
    what = NEWS_OF_ACCOUNT.get(notice.facts.get("what"))
    return "account", {
        "subject": SUBJECTS[notice.kind],
        "sentence": what or SENTENCES[notice.kind],
        "username": notice.recipient.get_username(),
        "link": "" if what else password_link(notice.recipient),
        "epilogue": BY_OTHERS if notice.facts.get("what") in BY_AN_ADMINISTRATOR else EPILOGUES[notice.kind],
        "site": settings.SITE_URL,
    }


def subject(kind: str, items: list[Item], number: int) -> str:
    """In one line, whatever stands in a title (`Text.plain` joins its lines): a header can't be broken out of."""
    if number > 1:
        return number_in_words(number)
    title = items[0].text
    return SUBJECTS[kind] % {"title": Text(shortened(title.text, LONGEST_TITLE), title.language).plain}


def sentence(notice: Notice) -> str:
    """What has happened."""
    if notice.facts.get("has_failed"):
        return gettext("A text could not be replaced at its moment, and has been sent back to you.")
    return SENTENCES.get(notice.kind) or number_in_words(notice.facts["number"])


def number_in_words(number: int) -> str:
    return ngettext("%(number)s translation is due", "%(number)s translations are due", number) % {"number": number}


def message_id(notice: Notice) -> str:
    """The same at each attempt, so that mail programs know a message that came twice."""
    return f"<notice.{notice.pk}.{notice.created_at:%Y%m%d%H%M%S}@{settings.SITE_HOST.strip('[]').replace(':', '.')}>"
