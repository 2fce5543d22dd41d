"""Organisations, what they agreed, and the learning cities that came of it."""

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference_site.languages.content import text_of
from conference_site.languages.fields import PartialDateField
from conference_site.media.models import Image
from conference_site.publishing import structured_data
from conference_site.publishing.models import (
    Addressed,
    Ordered,
    Part,
    Publishable,
    PublishableQuerySet,
    public_text_constraints,
)
from conference_site.richtext.fields import RichTextField
from pages.documents import Documented
from pages.models import GoalLink

AROUND_THE_END = timedelta(days=90)
"""How long before a partnership ends, and after, the desk reminds of it."""


class Organisation(Documented, Ordered, Addressed, Publishable):
    """An organisation that the texts name, in the role that they give it. It is a partner only when an organiser says so."""

    page_name = "organisation"
    list_name = "organisations"
    also_shown_on = "organisations"
    headline = "name"
    main_text = "description"
    search_weights = {"A": ("name", "acronym"), "B": ("role",), "C": ("description",)}
    reading_order = ("role", "description")
    search_names = ("name", "acronym")

    class Kind(models.TextChoices):
        INTERNATIONAL = "international", _("International organisations")
        REGIONAL = "regional", _("Arab organisations")
        GOVERNMENT = "government", _("Government bodies")
        ACADEMIC = "academic", _("Universities and institutes")
        CENTRE = "centre", _("Centres")
        OTHER = "other", _("Others")

    name = models.CharField(_("official name"), max_length=200, help_text=_("As the organisation writes it itself."))
    acronym = models.CharField(
        _("acronym"), max_length=40, blank=True, help_text=_("As it is used in texts, for example ALECSO.")
    )
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=Kind,
        default=Kind.OTHER,
        help_text=_("What sort of body it is; lists are grouped by it."),
    )
    role = models.CharField(
        _("role in which the texts name it"), max_length=300, blank=True, help_text=_("A few words, as “Strategic partner”.")
    )
    description = RichTextField(_("description"), blank=True, help_text=_("Who it is and what it has to do with the conference."))
    website = models.URLField(_("website"), blank=True, help_text=_("The organisation's own site, with https."))
    logo = models.ForeignKey(
        Image,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
        help_text=_("On a light ground; it is shown small."),
    )
    is_partner = models.BooleanField(
        _("conference partner"),
        default=False,
        help_text=_("Shown under “Conference partners”. Only for an organisation that has agreed to it."),
    )

    class Meta(Publishable.Meta, Ordered.Meta):
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = public_text_constraints("name")

    def structured_data(self) -> structured_data.Thing:
        """The page, and the organisation that it is about."""
        named = structured_data.naming(self)
        about = structured_data.thing(
            "Organization",
            name=named["name"],
            alternateName=text_of(self, "acronym").text,
            url=self.website,
            logo=structured_data.whole(self.logo.whole_url) if self.logo and self.logo.is_shown else None,
        )
        return structured_data.thing("WebPage", **named, about=about)


class PartnershipQuerySet(PublishableQuerySet):
    def ending(self):
        """Those in force that end within the next 90 days, or ended within the last 90, the first to end first.

        What is known in part ends with its month or year: “2027” with its last day.
        """
        today = timezone.localdate()
        last_day = models.Case(
            models.When(ends_on__regex=r"^\d{4}$", then=Concat("ends_on", models.Value("-12-31"))),
            models.When(ends_on__regex=r"^\d{4}-\d{2}$", then=Concat("ends_on", models.Value("-31"))),
            default="ends_on",
            output_field=models.CharField(),
        )
        near = (str(today - AROUND_THE_END), str(today + AROUND_THE_END))
        concluded = Partnership.Standing.CONCLUDED
        return self.kept().exclude(standing=concluded).alias(last_day=last_day).filter(last_day__range=near).order_by("last_day")


class Partnership(Documented, Ordered, Addressed, Publishable):
    """An agreement: who, what was agreed, what came of it, and when as far as that is known."""

    page_name = "partnership"
    list_name = "partnerships"
    main_text = "agreed"
    parts = ("milestones", "goal_links")
    search_weights = {"A": ("title",), "B": ("summary",), "C": ("agreed", "results"), "D": ("milestones.text",)}
    reading_order = ("summary", "agreed", "milestones.text", "results")
    reading_headings = {"agreed": _("What was agreed"), "milestones.text": _("Milestones"), "results": _("Results")}
    search_names = ("title",)

    class Standing(models.TextChoices):
        UNSET = "", _("Unset")
        PLANNED = "planned", _("Planned")
        ACTIVE = "active", _("In force")
        CONCLUDED = "concluded", _("Concluded")

    title = models.CharField(_("title"), max_length=200, help_text=_("Who works together, or on what."))
    summary = models.TextField(_("summary"), blank=True, help_text=_("One or two sentences, for lists and search engines."))
    agreed = RichTextField(_("what was agreed"), blank=True, help_text=_("What the parties have undertaken to do."))
    results = RichTextField(_("results"), blank=True, help_text=_("What has come of it so far."))
    standing = models.CharField(
        _("state"),
        max_length=12,
        choices=Standing,
        blank=True,
        default=Standing.UNSET,
        help_text=_("Whether it is under way or has ended."),
    )
    ends_on = PartialDateField(
        _("agreed until"),
        help_text=_("As 2024-08-18, or 2024-08, or 2024; empty when it is not known. The desk reminds of it before."),
    )
    parties = models.ManyToManyField(
        Organisation,
        related_name="partnerships",
        blank=True,
        verbose_name=_("parties"),
        help_text=_("The organisations that take part."),
    )

    objects = PartnershipQuerySet.as_manager()

    class Meta(Publishable.Meta, Ordered.Meta):
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        constraints = public_text_constraints("title")


class Milestone(Part):
    """A step of a partnership, dated as exactly as is known."""

    part_of = "partnership"

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="milestones")
    order = models.PositiveIntegerField(_("order"), default=0, help_text=_("Lower numbers come first."))
    date = PartialDateField(_("date"), help_text=_("As 2024-08-18, or 2024-08, or 2024; empty when it is not known."))
    text = models.CharField(_("what happened"), max_length=300, help_text=_("One sentence."))

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text or ""


class PartnershipGoalLink(GoalLink):
    """A goal to which the partnership relates."""

    part_of = "partnership"
    kind = _("Partnership")

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="goal_links")

    @classmethod
    def date_of_holder(cls) -> models.Expression:
        """That of its latest milestone, as far as its milestones are dated."""
        milestones = Milestone.objects.filter(partnership=models.OuterRef("partnership"))
        return models.Subquery(milestones.order_by("-date").values("date")[:1])


class LearningCity(Documented, Ordered, Addressed, Publishable):
    """A city of a network of learning cities."""

    page_name = "city"
    list_name = "cities"
    headline = "name"
    search_weights = {"A": ("name",), "B": ("summary",), "C": ("body",), "D": ("country", "network")}
    reading_order = ("summary", "body")
    search_names = ("name",)

    name = models.CharField(_("name"), max_length=200, help_text=_("As UNESCO's network writes it."))
    country = models.CharField(
        _("country"), max_length=120, blank=True, help_text=_("The name that is in use, for example Saudi Arabia.")
    )
    network = models.CharField(
        _("network"), max_length=200, blank=True, help_text=_("The network to which the city belongs, with its official name.")
    )
    partnership = models.ForeignKey(
        Partnership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="cities",
        verbose_name=_("came from the partnership"),
        help_text=_("The partnership by which the city works with the conference."),
    )
    summary = models.TextField(_("summary"), blank=True, help_text=_("One or two sentences, for lists and the map."))
    body = RichTextField(
        _("what it works to do as a learning city"),
        blank=True,
        help_text=_("What the city does, with dates and numbers where they are known."),
    )
    latitude = models.FloatField(
        _("latitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text=_("In degrees, north of the equator: 24.71 for Riyadh. South of it the number is negative."),
    )
    longitude = models.FloatField(
        _("longitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text=_("In degrees, east of Greenwich: 46.68 for Riyadh. West of it the number is negative."),
    )

    class Meta(Publishable.Meta, Ordered.Meta):
        verbose_name = _("learning city")
        verbose_name_plural = _("learning cities")
        constraints = [
            *public_text_constraints("name"),
            models.CheckConstraint(
                condition=models.Q(latitude=None, longitude=None) | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="%(app_label)s_%(class)s_whole_place",
                violation_error_message=_("A place on the map needs both numbers, latitude and longitude."),
            ),
        ]

    @property
    def place(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, if both are known."""
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)

    def structured_data(self) -> structured_data.Thing:
        """The page, and the city that it is about."""
        named, country = structured_data.naming(self), text_of(self, "country").text
        about = structured_data.thing(
            "City",
            name=named["name"],
            containedInPlace=structured_data.thing("Country", name=country) if country else None,
            geo={"@type": "GeoCoordinates", "latitude": self.latitude, "longitude": self.longitude} if self.place else None,
        )
        return structured_data.thing("WebPage", **named, about=about)
