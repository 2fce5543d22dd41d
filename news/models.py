"""News of the conference and of its field."""

from datetime import date

from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference_site.languages.content import localized, text_of
from conference_site.languages.models import Normalised, require_text
from conference_site.languages.sorting import sort_key
from conference_site.media.models import Image
from conference_site.publishing import structured_data
from conference_site.publishing.models import Addressed, Publishable, PublishableQuerySet, public_text_constraints
from conference_site.publishing.paging import beyond
from conference_site.richtext.fields import RichTextField
from conference_site.search import indexing
from conference_site.search.models import Searchable
from pages.models import GoalLink
from partners.models import Organisation, Partnership

LISTED_ON = Coalesce("published_on", "event_on", "created_on")
"""The date that a list is sorted by: the best known one."""


class TopicQuerySet(models.QuerySet):
    def in_use(self):
        """Those under which some news is shown."""
        return self.filter(models.Exists(NewsItem.objects.visible().filter(topics=models.OuterRef("pk"))))

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

    name = models.CharField(_("name"), max_length=80)

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


class NewsQuerySet(PublishableQuerySet):
    def listed(self):
        """Those that are shown, each with its picture, newest first."""
        return self.visible().select_related("image")

    def years(self) -> list[int]:
        """The years from the newest shown item's to the oldest's, newest first."""
        ends = self.visible().aggregate(first=models.Min("listed_on"), last=models.Max("listed_on"))
        return list(range(ends["last"].year, ends["first"].year - 1, -1)) if ends["last"] else []


class NewsItem(Addressed, Publishable):
    """A piece of news. When its event was, and when it was published, are two dates, and either may be unknown."""

    page_name = "news_item"
    parts = ("goal_links",)
    search_weights = {"A": ("title",), "B": ("summary",), "C": ("body",), "D": ("place", "correction", "image.alternative_text")}
    reading_order = ("summary", "body", "correction")
    reading_headings = {"correction": _("Correction")}

    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    event_on = models.DateField(_("date of the event"), null=True, blank=True)
    published_on = models.DateField(_("date of publication"), null=True, blank=True, help_text=_("Empty when it is not known."))
    created_on = models.DateField(default=timezone.localdate, editable=False)
    listed_on = models.DateField(_("listed under"), editable=False)
    place = models.CharField(_("place"), max_length=120, blank=True)
    body = RichTextField(_("text"), blank=True)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("picture"))
    source_url = models.URLField(_("link to the source"), blank=True)
    correction = models.TextField(_("correction"), blank=True)
    corrected_on = models.DateField(_("date of the correction"), null=True, blank=True)
    topics = models.ManyToManyField(Topic, related_name="news", blank=True, verbose_name=_("topics"))
    organisations = models.ManyToManyField(Organisation, related_name="news", blank=True, verbose_name=_("organisations"))
    partnerships = models.ManyToManyField(Partnership, related_name="news", blank=True, verbose_name=_("partnerships"))

    objects = NewsQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("news item")
        verbose_name_plural = _("news")
        ordering = ["-listed_on", "-pk"]
        indexes = [models.Index(fields=["-listed_on", "-id"], name="news_newest_first")]
        constraints = [
            *public_text_constraints("title"),
            models.CheckConstraint(condition=models.Q(listed_on=LISTED_ON), name="news_listed_by_its_dates"),
        ]

    def save(self, *args, **kwargs) -> None:
        self.listed_on = self.published_on or self.event_on or self.created_on
        super().save(*args, **kwargs)

    @property
    def search_day(self) -> date:
        return self.listed_on

    def structured_data(self) -> structured_data.Thing:
        """A piece of news, as https://schema.org/NewsArticle."""
        named = structured_data.naming(self)
        published = self.published_on or getattr(self, localized("publish_at", named["inLanguage"]))
        return structured_data.thing(
            "NewsArticle",
            headline=named.pop("name"),
            **named,
            description=text_of(self, "summary").text,
            datePublished=published.isoformat(),
            dateModified=self.modified_at.isoformat(timespec="seconds"),
            image=structured_data.whole(self.image.file.url) if self.image else None,
        )

    def search_topics(self) -> list[int]:
        """The primary keys of the topics under which the item is found."""
        return list(self.topics.values_list("pk", flat=True))

    def neighbours(self) -> tuple["NewsItem | None", "NewsItem | None"]:
        """The next newer and the next older item that are shown."""
        shown = NewsItem.objects.visible()
        newer = shown.filter(self._beside("gt")).order_by("listed_on", "pk").values("pk")[:1]
        older = shown.filter(self._beside("lt")).order_by("-listed_on", "-pk").values("pk")[:1]
        found = list(shown.filter(models.Q(pk__in=newer) | models.Q(pk__in=older)))
        place = (self.listed_on, self.pk)
        return (
            next((item for item in found if (item.listed_on, item.pk) > place), None),
            next((item for item in found if (item.listed_on, item.pk) < place), None),
        )

    def _beside(self, side: str) -> models.Q:
        return beyond("listed_on", side, (self.listed_on, self.pk))

    def related(self, most: int = 3) -> list["NewsItem"]:
        """The newest items that share a goal, an organisation or a topic with this one."""
        shared = models.Q()
        # A subquery for each relation: joined in one query, their rows would multiply each other.
        for rows, item, other in (
            (NewsGoalLink.objects, "item", "goal"),
            (NewsItem.organisations.through.objects, "newsitem", "organisation"),
            (NewsItem.topics.through.objects, "newsitem", "topic"),
        ):
            others = rows.filter(**{item: self}).values(other)
            shared |= models.Q(pk__in=rows.filter(**{f"{other}__in": others}).values(item))
        return list(NewsItem.objects.listed().filter(shared).exclude(pk=self.pk)[:most])


class NewsGoalLink(GoalLink):
    """A goal to which the news item relates."""

    part_of = "item"

    item = models.ForeignKey(NewsItem, models.CASCADE, related_name="goal_links")
