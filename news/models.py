"""News of the conference and of its field."""

from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

from django.db import models, transaction
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference_site.languages.content import Text, localized, text_of
from conference_site.languages.models import Normalised, require_text
from conference_site.languages.sorting import sort_key
from conference_site.media.models import Image
from conference_site.publishing import structured_data
from conference_site.publishing.models import Addressed, Part, Publishable, PublishableQuerySet, public_text_constraints
from conference_site.richtext.fields import RichTextField
from conference_site.search import indexing
from conference_site.search.models import Searchable
from pages.documents import Documented
from pages.models import GoalLink
from partners.models import Organisation, Partnership

MOST_PINNED, MOST_FEATURED = 3, 2
"""Those pinned last stand above the list of news; those featured last come first on the home page, before something new."""

LISTED_ON = Coalesce("published_on", "event_on", "created_on")
"""The date that a list is sorted by: the best known one."""


class TopicQuerySet(models.QuerySet):
    def in_use(self):
        """Those under which some news is shown. The first that is found will do: `Exists` would have all of it put together."""
        shown = NewsItem.objects.visible().filter(topics=models.OuterRef("pk")).order_by().values("pk")[:1]
        return self.alias(shown=models.Subquery(shown)).exclude(shown=None)

    def by_name(self) -> list["Topic"]:
        """Those in use, in the order of the reader's alphabet."""

        def name(topic: Topic) -> str:
            text = text_of(topic, topic.headline)
            return sort_key(text.text, text.language)

        return sorted(self.in_use(), key=name)


class Topic(Searchable, Addressed, Normalised):
    """A subject that news items are filed under. It has no working copy, and is shown where a shown item names it."""

    page_name = "news_topic"
    headline = "name"
    search_weights = {"A": ("name",)}

    name = models.CharField(_("name"), max_length=80, help_text=_("One or two words, by which news are sorted."))

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name or self.slug

    def clean(self) -> None:
        super().clean()
        require_text(self, self.headline)

    @transaction.atomic
    def save(self, *args, **kwargs) -> None:
        former = type(self)._base_manager.filter(pk=self.pk).values_list("slug", flat=True).first()
        super().save(*args, **kwargs)
        self.keep_former_slug(former)
        indexing.refresh(self)

    @transaction.atomic
    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        without = list(NewsItem._base_manager.select_for_update(no_key=True).filter(topics=self).values_list("pk", flat=True))
        deleted = super().delete(*args, **kwargs)
        indexing.refresh_all(NewsItem, without)
        return deleted


def is_prominent(name: str) -> models.Q:
    """Items that are “pinned”, or “featured”, at this moment of the database's clock."""
    until = models.Q(**{f"{name}_until": None}) | models.Q(**{f"{name}_until__gt": Now()})
    return models.Q(**{f"{name}_at__lte": Now()}) & until


class NewsQuerySet(PublishableQuerySet):
    def listed(self):
        """Those that are shown, each with its picture and without its long texts, newest first."""
        return self.visible().select_related("image").defer("body", "video_transcript", "correction")

    def pinned_and_newest(self, number: int) -> tuple[list["NewsItem"], list["NewsItem"]]:
        """What stands above the list, the last one pinned first, and the newest items, wherever those stand."""
        return self._prominent("pinned", MOST_PINNED), self._newest(number)

    def featured_first(self, number: int) -> list["NewsItem"]:
        """For the home page: what is featured, then the newest, each once."""
        featured = self._prominent("featured", MOST_FEATURED)
        return [*featured, *(item for item in self._newest(number) if item not in featured)][:number]

    def _prominent(self, name: str, most: int) -> list["NewsItem"]:
        return list(self.filter(is_prominent(name)).order_by(f"-{name}_at", "-pk")[:most])

    def _newest(self, number: int) -> list["NewsItem"]:
        return list(self.order_by("-listed_on", "-pk")[:number])

    def years(self) -> list[int]:
        """The years from the newest shown item's to the oldest's, newest first."""
        ends = self.visible().aggregate(first=models.Min("listed_on"), last=models.Max("listed_on"))
        return list(range(ends["last"].year, ends["first"].year - 1, -1)) if ends["last"] else []


class NewsItem(Documented, Addressed, Publishable):
    """A piece of news. When its event was, and when it was published, are two dates, and either may be unknown."""

    page_name = "news_item"
    list_name = "news"
    parts = ("goal_links", "pictures")
    search_weights = {
        "A": ("title",),
        "B": ("summary",),
        "C": ("body", "video_transcript"),
        "D": ("place", "correction", "image.alternative_text", "pictures.caption"),
    }
    reading_order = ("summary", "body", "video_transcript", "correction")
    reading_headings = {"correction": _("Correction"), "video_transcript": _("What is said in the video")}
    not_duplicated = ("published_on",)
    moments = (*Publishable.moments, "pinned_until", "featured_until")

    title = models.CharField(_("title"), max_length=200, help_text=_("Says what happened, in one line."))
    summary = models.TextField(
        _("summary"),
        blank=True,
        help_text=_("One or two sentences, for lists, cards and search engines: at most 160 characters are shown there."),
    )
    event_on = models.DateField(
        _("date of the event"), null=True, blank=True, help_text=_("When it happened; the news is sorted by it.")
    )
    published_on = models.DateField(_("date of publication"), null=True, blank=True, help_text=_("Empty when it is not known."))
    created_on = models.DateField(default=timezone.localdate, editable=False)
    listed_on = models.DateField(_("listed under"), editable=False)
    place = models.CharField(_("place"), max_length=120, blank=True, help_text=_("The city where it happened."))
    body = RichTextField(
        _("text"),
        blank=True,
        help_text=_("Headings in it begin at the second level. A passage in the other language is marked with its button."),
    )
    image = models.ForeignKey(
        Image,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
        help_text=_("Stands above the text and in lists. Others belong in the gallery."),
    )
    video_url = models.URLField(_("address of a video"), blank=True, help_text=_("Where the video can be seen, with https."))
    video_poster = models.ForeignKey(
        Image,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture that stands for the video"),
        help_text=_("Shown in the place of the video, which opens where it is."),
    )
    video_transcript = RichTextField(
        _("what is said in the video"), blank=True, help_text=_("For whoever can't hear it, and for the search.")
    )
    source_url = models.URLField(_("link to the source"), blank=True, help_text=_("Where the news comes from, with https."))
    correction = models.TextField(
        _("correction"), blank=True, help_text=_("What was wrong, and what is right; shown above the text.")
    )
    corrected_on = models.DateField(
        _("date of the correction"), null=True, blank=True, help_text=_("The day on which the mistake was corrected.")
    )
    # Of the row itself, and so live at once, like the order of other things.
    pinned_at = models.DateTimeField(null=True, editable=False)
    pinned_until = models.DateTimeField(null=True, editable=False)
    featured_at = models.DateTimeField(null=True, editable=False)
    featured_until = models.DateTimeField(null=True, editable=False)
    topics = models.ManyToManyField(
        Topic, related_name="news", blank=True, verbose_name=_("topics"), help_text=_("By these visitors find more of the same.")
    )
    organisations = models.ManyToManyField(
        Organisation,
        related_name="news",
        blank=True,
        verbose_name=_("organisations"),
        help_text=_("Bodies that the news names, such as UNESCO; it is shown on the page of each."),
    )
    partnerships = models.ManyToManyField(
        Partnership,
        related_name="news",
        blank=True,
        verbose_name=_("partnerships"),
        help_text=_("Agreements that the news is about; it is shown on the page of each."),
    )

    objects = NewsQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("news item")
        verbose_name_plural = _("news")
        ordering = ["-listed_on", "-pk"]
        indexes = [
            models.Index(fields=["-listed_on", "-id"], name="news_newest_first"),
            *(
                models.Index(fields=[f"-{name}_at"], condition=models.Q(**{f"{name}_at__isnull": False}), name=f"news_{name}")
                for name in ("pinned", "featured")
            ),
        ]
        constraints = [
            *public_text_constraints("title"),
            models.CheckConstraint(condition=models.Q(listed_on=LISTED_ON), name="news_listed_by_its_dates"),
        ]

    def clean(self) -> None:
        super().clean()
        self._list()  # a constraint says the same, and is asked next

    def save(self, *args, **kwargs) -> None:
        self._list()
        super().save(*args, **kwargs)

    def _list(self) -> None:
        self.listed_on = self.published_on or self.event_on or self.created_on

    @property
    def search_day(self) -> date:
        return self.listed_on

    @property
    def appeared_on(self) -> date:
        """When it was published; where that isn't known, when the text that is shown became public here."""
        return self.published_on or getattr(self, localized("publish_at", text_of(self, self.headline).language))

    @property
    def video_host(self) -> str:
        """Where the video stands, as readers know the place."""
        return urlsplit(self.video_url).hostname.removeprefix("www.")

    def structured_data(self) -> structured_data.Thing:
        """A piece of news, as https://schema.org/NewsArticle."""
        named = structured_data.naming(self)
        return structured_data.thing(
            "NewsArticle",
            headline=named.pop("name"),
            **named,
            description=text_of(self, "summary").text,
            datePublished=self.appeared_on.isoformat(),
            dateModified=self.modified_at.isoformat(timespec="seconds"),
            image=structured_data.whole(self.image.whole_url) if self.image and self.image.is_shown else None,
        )

    def search_topics(self) -> list[int]:
        """The primary keys of the topics under which the item is found."""
        return list(self.topics.values_list("pk", flat=True))

    def gallery(self) -> "Gallery":
        """The photographs that are shown, in their order; one query."""
        photographs = [one for one in self.pictures.select_related("image") if one.image.is_shown]
        named = {text_of(one.image, "credit") for one in photographs}
        return Gallery(photographs, named.pop() if len(named) == 1 else None)


class Gallery(NamedTuple):
    """The photographs of a news item, and their credit where it is the same for all."""

    photographs: list["NewsPicture"]
    shared_credit: Text | None


class NewsPicture(Part):
    """A photograph in the gallery of a news item."""

    part_of = "item"

    item = models.ForeignKey(NewsItem, models.CASCADE, related_name="pictures", verbose_name=_("news item"))
    image = models.ForeignKey(
        Image, models.CASCADE, related_name="+", verbose_name=_("picture"), help_text=_("One of the pictures that were uploaded.")
    )
    caption = models.CharField(
        _("caption"), max_length=300, blank=True, help_text=_("What is to be seen, who and where; shown beneath the picture.")
    )
    order = models.PositiveIntegerField(_("order"), default=0, help_text=_("Lower numbers come first."))

    class Meta:
        verbose_name = _("photograph")
        verbose_name_plural = _("gallery")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return str(self.image)


class NewsGoalLink(GoalLink):
    """A goal to which the news item relates."""

    part_of = "item"
    kind = _("News item")

    item = models.ForeignKey(NewsItem, models.CASCADE, related_name="goal_links", verbose_name=_("news item"))

    @classmethod
    def date_of_holder(cls) -> models.Expression:
        """That of the event, else that of publication."""
        known_on = Coalesce("item__event_on", "item__published_on")
        return models.Func(known_on, models.Value("YYYY-MM-DD"), function="to_char", output_field=models.CharField())
