"""The conference itself: what it is, what it seeks, what it asks, and the pages around it."""

from collections.abc import Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conference_site.languages.content import Text, localized, text_of
from conference_site.languages.fields import LinkField
from conference_site.languages.validators import validate_time_zone
from conference_site.publishing.models import (
    Addressed,
    Ordered,
    Part,
    PartQuerySet,
    Publishable,
    PublishableQuerySet,
    public_text_constraints,
)
from conference_site.richtext.fields import RichTextField
from pages.documents import Documented


class Phase(models.TextChoices):
    """Where the conference stands. One change of it alters the call to action, the home page's tense and the structured data."""

    UNSET = "", _("Unset")
    ANNOUNCED = "announced", _("Announced")
    REGISTRATION = "registration", _("Registration open")
    UNDER_WAY = "under_way", _("Under way")
    OVER = "over", _("Over")
    POSTPONED = "postponed", _("Postponed")
    CANCELLED = "cancelled", _("Cancelled")
    MOVED_ONLINE = "moved_online", _("Moved online")


class Mode(models.TextChoices):
    UNSET = "", _("Unset")
    ON_SITE = "on_site", _("On site")
    ONLINE = "online", _("Online")
    MIXED = "mixed", _("On site and online")


class Fact(models.TextChoices):
    """What may be announced as still to be announced."""

    DATES = "dates", _("Dates")
    VENUE = "venue", _("Venue")
    MODE = "mode", _("Mode")
    ORGANISER = "organiser", _("Organiser")
    CALL_FOR_PAPERS = "call_for_papers", _("Call for papers")
    REGISTRATION = "registration", _("Registration")
    CONTACT_EMAIL = "contact_email", _("Contact e-mail")
    SOCIAL_ACCOUNTS = "social_accounts", _("Social accounts")


class ConferenceQuerySet(PublishableQuerySet):
    def current(self) -> "Conference | None":
        """The site's conference, if any of its languages is public, with the database's time in ``read_at``.

        Every page shows its social accounts: ``accounts``, each with ``name`` and ``url``.
        """
        accounts = SocialAccount.objects.filter(conference=OuterRef("pk")).values(json=JSONObject(name="name", url="url"))
        return self.visible().annotate(accounts=ArraySubquery(accounts)).first()


class Conference(Documented, Publishable):
    """The one conference of this site. Each fact is known (it has a value), to be announced, or unset (shows nothing)."""

    main_text = "introduction"
    parts = ("social_accounts",)
    moments = (*Publishable.moments, "registration_opens_at", "registration_closes_at")
    described_by = ("purpose", "introduction")
    search_weights = {
        "A": ("title", "short_title"),
        "B": ("theme", "purpose"),
        "C": ("introduction", "call_for_papers"),
        "D": ("venue", "organiser"),
    }
    reading_order = ("theme", "purpose", "introduction", "call_for_papers")
    reading_headings = {"call_for_papers": _("Call for papers")}

    title = models.TextField(_("title"), help_text=_("A line break where the sense divides it."))
    short_title = models.CharField(_("short title"), max_length=120, help_text=_("For the header and the browser's tab."))
    theme = models.CharField(
        _("theme"), max_length=200, blank=True, help_text=_("The sentence of the conference, under its title on the home page.")
    )
    purpose = models.TextField(
        _("purpose"),
        blank=True,
        help_text=_("Why the conference is held, in two or three sentences; search engines show it too."),
    )
    introduction = RichTextField(
        _("introduction"), blank=True, help_text=_("The text at the beginning of the conference's own page.")
    )

    phase = models.CharField(
        _("phase"),
        max_length=20,
        choices=Phase,
        blank=True,
        default=Phase.UNSET,
        help_text=_("What the home page says of the conference now; the dates below are shown as they fit it."),
    )
    to_be_announced = ArrayField(
        models.CharField(max_length=20, choices=Fact),
        verbose_name=_("to be announced"),
        default=list,
        blank=True,
        help_text=_("Shown as “to be announced” as long as it has no value."),
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True, help_text=_("Empty as long as it is not decided."))
    ends_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("Empty for a conference of one day, or as long as it is not decided.")
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        validators=[validate_time_zone],
        help_text=_("The name of the conference's own time zone in the IANA list, as Asia/Riyadh."),
    )
    venue = models.CharField(
        _("venue"), max_length=200, blank=True, help_text=_("City and place, as they stand in an invitation.")
    )
    former_starts_on = models.DateField(
        _("former first day"),
        null=True,
        blank=True,
        help_text=_("Where the conference was moved: the day that was announced before."),
    )
    former_ends_on = models.DateField(
        _("former last day"),
        null=True,
        blank=True,
        help_text=_("Where the conference was moved: the last day that was announced before."),
    )
    former_venue = models.CharField(
        _("former venue"),
        max_length=200,
        blank=True,
        help_text=_("Where the conference was moved: the place that was announced before."),
    )
    mode = models.CharField(
        _("mode"),
        max_length=20,
        choices=Mode,
        blank=True,
        default=Mode.UNSET,
        help_text=_("Whether people meet in a place, on the network, or both."),
    )
    organiser = models.CharField(
        _("organiser"), max_length=200, blank=True, help_text=_("The official name of the body that holds the conference.")
    )
    call_for_papers = RichTextField(
        _("call for papers"),
        blank=True,
        help_text=_("Who may submit what, until when and where. Empty: the page says nothing of it."),
    )
    registration_url = models.URLField(
        _("registration address"), blank=True, help_text=_("Where visitors register. Empty: no button is shown.")
    )
    registration_opens_at = models.DateTimeField(
        _("registration opens"), null=True, blank=True, help_text=_("Until then the wording before registration is shown.")
    )
    registration_closes_at = models.DateTimeField(
        _("registration closes"), null=True, blank=True, help_text=_("From then on the wording after registration is shown.")
    )
    registration_before = models.CharField(
        _("wording before registration"), max_length=200, blank=True, help_text=_("Shown before registration opens.")
    )
    registration_during = models.CharField(
        _("wording during registration"),
        max_length=200,
        blank=True,
        help_text=_("The words of the button that leads to registration."),
    )
    registration_after = models.CharField(
        _("wording after registration"), max_length=200, blank=True, help_text=_("Shown after registration has closed.")
    )
    contact_email = models.EmailField(
        _("contact e-mail"), blank=True, help_text=_("Shown to everybody, at the foot of each page.")
    )
    show_hijri = models.BooleanField(
        _("show Hijri dates beside Gregorian ones"),
        default=True,
        help_text=_("Of the Umm al-Qura calendar; on Arabic and English pages alike."),
    )

    objects = ConferenceQuerySet.as_manager()

    accounts: Sequence[dict[str, str]] = ()
    """Its social accounts, where `ConferenceQuerySet.current` has read them."""

    class Meta(Publishable.Meta):
        verbose_name = _("conference")
        verbose_name_plural = _("conference")
        constraints = [
            *public_text_constraints("title"),
            models.CheckConstraint(
                condition=models.Q(starts_on=None) | models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="conference_ends_after_it_starts",
                violation_error_message=_("The last day comes before the first."),
            ),
            models.CheckConstraint(
                condition=models.Q(registration_opens_at=None)
                | models.Q(registration_closes_at=None)
                | models.Q(registration_closes_at__gt=models.F("registration_opens_at")),
                name="registration_closes_after_it_opens",
                violation_error_message=_("Registration would close before it opens."),
            ),
            models.UniqueConstraint(
                models.Value(1), name="one_conference", violation_error_message=_("There is a conference already.")
            ),
        ]

    def get_absolute_url(self) -> str:
        """The address under the language that is active."""
        return reverse("conference")

    def name_in(self, language: str) -> Text:
        """What the site is called in a language, in one line."""
        name = text_of(self, "short_title", language) or text_of(self, "title", language)
        return Text(" ".join(name.text.split()), name.language)

    def before_publish(self, fields: dict, languages: list[str]) -> None:
        """Keep a public date or venue that is about to change, so that readers see it as changed.

        The two dates belong together; the venue in each language stands by itself, so that its translation is no change.
        """
        for columns in (("starts_on", "ends_on"), *((localized("venue", code),) for code in languages)):
            old = {column: getattr(self, column) for column in columns}
            new = {column: self._meta.get_field(column).to_python(fields.get(column)) for column in columns}
            if any(old.values()) and old != new:
                fields.update({f"former_{column}": value for column, value in old.items()})


class SocialAccount(Part):
    """An account of the conference in a social network."""

    part_of = "conference"

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="social_accounts")
    name = models.CharField(_("network"), max_length=60, help_text=_("As visitors know it: X, YouTube, LinkedIn."))
    url = models.URLField(_("address"), help_text=_("The whole address of the account, with https."))

    class Meta:
        verbose_name = _("social account")
        verbose_name_plural = _("social accounts")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Announcement(Publishable):
    """A notice on every page. It begins and ends by the dates of publication of each language."""

    headline = "message"
    search_weights = {"A": ("message",), "C": ("link_text",)}

    class Level(models.TextChoices):
        INFORMATION = "information", _("Information")
        IMPORTANT = "important", _("Important")
        URGENT = "urgent", _("Urgent")

    level = models.CharField(
        _("level"),
        max_length=12,
        choices=Level,
        default=Level.INFORMATION,
        help_text=_("Urgent ones stand out in colour; use them for what changes a visitor's plans."),
    )
    message = models.CharField(_("message"), max_length=300, help_text=_("One sentence, shown at the top of every page."))
    link_text = models.CharField(
        _("text of the link"), max_length=80, blank=True, help_text=_("Says where the link leads, never “click here”.")
    )
    link = LinkField(
        _("link"), max_length=500, blank=True, help_text=_("An address of this site, as /ar/news/, or one with https.")
    )

    class Meta(Publishable.Meta):
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-pk"]
        constraints = public_text_constraints("message")


class Goal(Documented, Ordered, Addressed, Publishable):
    """What the conference seeks. What relates to it are links that news items and partnerships hold (`GoalLink`)."""

    page_name = "goal"
    list_name = "goals"
    search_weights = {"A": ("title",), "B": ("summary",), "C": ("body",)}
    reading_order = ("summary", "body")

    title = models.CharField(_("title"), max_length=200, help_text=_("Short, as it stands in lists and menus."))
    summary = models.TextField(_("summary"), blank=True, help_text=_("One or two sentences, for lists and search engines."))
    body = RichTextField(_("text"), blank=True, help_text=_("The first paragraph states the goal; what follows explains it."))

    class Meta(Publishable.Meta, Ordered.Meta):
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        constraints = public_text_constraints("title")

    def timeline(self, most_news: int) -> tuple[list["GoalLink"], bool]:
        """What relates to the goal, newest first and what has no date last; and whether there is more news than ``most_news``."""
        partnerships = self.partners_links.newest_first().to_visible("partnership")
        news = self.news_links.newest_first().to_visible("item", most_news + 1)
        links = sorted([*news[:most_news], *partnerships], key=lambda link: link.known_on, reverse=True)
        return links, len(news) > most_news


class Page(Documented, Ordered, Addressed, Publishable):
    """A free page: the rationale, the accessibility statement, and what else organisers need."""

    page_name = "page"
    search_weights = {"A": ("title",), "B": ("introduction",), "C": ("body",)}
    reading_order = ("introduction", "body")

    title = models.CharField(_("title"), max_length=200, help_text=_("Short, as it stands in menus."))
    introduction = models.TextField(_("introduction"), blank=True, help_text=_("One or two sentences beneath the title."))
    body = RichTextField(_("text"), blank=True, help_text=_("Headings in it begin at the second level; do not skip one."))

    class Meta(Publishable.Meta, Ordered.Meta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = public_text_constraints("title")


class ResearchQuestion(Documented, Ordered, Addressed, Publishable):
    """What the conference wants to find out about educational practice."""

    page_name = "question"
    list_name = "questions"
    parts = ("page_links",)
    search_weights = {"A": ("title",), "B": ("question",), "C": ("body",)}
    reading_order = ("question", "body")

    title = models.CharField(_("title"), max_length=200, help_text=_("A few words, for lists."))
    question = models.TextField(_("question"), blank=True, help_text=_("The question in full, with its question mark."))
    body = RichTextField(_("text"), blank=True, help_text=_("What the conference asks, and why."))

    class Meta(Publishable.Meta, Ordered.Meta):
        verbose_name = _("research question")
        verbose_name_plural = _("research questions")
        constraints = public_text_constraints("title")


class QuestionPageLink(Part):
    """A page that relates to a research question, with the editor's note."""

    part_of = "question"

    question = models.ForeignKey(ResearchQuestion, models.CASCADE, related_name="page_links")
    page = models.ForeignKey(
        Page,
        models.CASCADE,
        related_name="question_links",
        verbose_name=_("page"),
        help_text=_("The page that deals with the question."),
    )
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("One sentence: what it says about the question."))

    class Meta:
        verbose_name = _("related page")
        verbose_name_plural = _("related pages")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.page)


class GoalLinkQuerySet(PartQuerySet):
    def newest_first(self):
        """By ``known_on``, the date of what holds the link, as `PartialDateField` stores it; empty, and last, without one."""
        known_on = Coalesce(self.model.date_of_holder(), models.Value(""), output_field=models.CharField())
        return self.annotate(known_on=known_on).order_by("-known_on", self.model.part_of)


class GoalLink(Part):
    """What relates to a goal, with the editor's one-sentence note. The base of the links that other apps hold.

    Subclasses say in ``kind`` what holds them.
    """

    kind: str

    goal = models.ForeignKey(
        Goal,
        models.CASCADE,
        related_name="%(app_label)s_links",
        verbose_name=_("goal"),
        help_text=_("The goal of the conference that this serves."),
    )
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("One sentence: how it relates to the goal."))

    objects = GoalLinkQuerySet.as_manager()

    class Meta:
        abstract = True
        verbose_name = _("related goal")
        verbose_name_plural = _("related goals")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.goal)

    @classmethod
    def date_of_holder(cls) -> models.Expression:
        """The best known date of the news item, partnership, …, in SQL; NULL or empty when there is none."""
        raise NotImplementedError

    @property
    def holder(self) -> Publishable:
        """The news item, partnership, … that relates to the goal."""
        return getattr(self, self.part_of)
