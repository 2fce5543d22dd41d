"""The menus that editors arrange, and the addresses that were printed."""

from collections.abc import Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject, Now
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference_site.languages.addresses import in_language
from conference_site.languages.content import Text, all_localized, codes, current, text_of
from conference_site.languages.models import Normalised
from conference_site.navigation.addresses import (
    DestinationField,
    PrintedPathField,
    canonical,
    is_taken,
    place_at,
    without_query,
)
from conference_site.publishing.models import Ordered
from conference_site.search.models import SearchEntry


class Section(models.TextChoices):
    """The pages that gather others, by the names of their URL patterns."""

    HOME = "home", _("Home")
    CONFERENCE = "conference", _("The conference")
    GOALS = "goals", _("Goals")
    QUESTIONS = "questions", _("Research questions")
    NEWS = "news", _("News")
    PARTNERSHIPS = "partnerships", _("Partnerships")
    CITIES = "cities", _("Learning cities")
    ORGANISATIONS = "organisations", _("Organisations")
    DOCUMENTS = "documents", _("Documents")
    SEARCH = "search", _("Search")


class DestinationQuerySet(models.QuerySet):
    def with_items(self):
        """Each row with ``found``: the title and address of the item that it leads to, in each language in which that is public.

        Read from what the search holds of all items, which changes in the transaction that changes them: one subquery, whatever
        kinds there are. By the database's clock.
        """
        entries = SearchEntry.objects.filter(kind=OuterRef("kind"), object_id=OuterRef("object_id"), publish_at__lte=Now())
        public = entries.filter(Q(expires_at=None) | Q(expires_at__gt=Now()))
        return self.annotate(found=ArraySubquery(public.values(json=JSONObject(language="language", title="title", url="url"))))


class Destination(Normalised):
    """What leads somewhere: to a section of the site, to an item's page wherever it stands, or to an address. To one of them."""

    section = models.CharField(
        _("section"),
        max_length=20,
        choices=Section,
        blank=True,
        default="",
        help_text=_("One of the site's own lists. Choose this, or an item, or give an address."),
    )
    kind = models.CharField(_("kind"), max_length=40, blank=True, default="", editable=False)
    object_id = models.PositiveBigIntegerField(_("number of the item"), null=True, blank=True, editable=False)
    address = DestinationField(
        _("address"),
        max_length=500,
        blank=True,
        default="",
        help_text=_("Of another site, beginning with https://, or a path of this one: it is shown in the reader’s language."),
    )

    objects = DestinationQuerySet.as_manager()

    found: Sequence[dict[str, str]] = ()
    """Where `DestinationQuerySet.with_items` has read them."""

    class Meta:
        abstract = True

    def clean(self) -> None:
        self._settle()
        if sum(map(bool, (self.section, self.object_id, self.address))) != 1:
            raise ValidationError(_("Choose one of the three: a section, a page, or an address."))
        if self.address.startswith("/") and place_at(without_query(self.address)) is None:
            raise ValidationError({"address": _("There is nothing at this address.")})

    def save(self, *args, **kwargs) -> None:
        self._settle()
        super().save(*args, **kwargs)

    def _settle(self) -> None:
        """Keep what is a section's or an item's address as such, so that it is followed when the address changes."""
        place = place_at(self.address) if self.address.startswith("/") else None
        if place and place.kind:
            self.kind, self.object_id, self.address = place.kind, place.pk, ""
        elif place and place.name in Section:
            self.section, self.address = place.name, ""

    @cached_property
    def item(self) -> dict[str, dict[str, str]]:
        """The title and address of the item's page, by language; empty while it isn't shown. Needs ``with_items()``."""
        found = {row["language"]: row for row in self.found}
        return {code: found[code] for code in codes() if code in found}

    @property
    def is_shown(self) -> bool:
        """Whether it leads anywhere now: an item may not be public yet, or any more."""
        return bool(self.section or self.address or self.item)

    @property
    def url(self) -> str:
        """Where it leads a reader of the language that is active."""
        if self.section:
            return reverse(self.section)
        path = next((row["url"] for row in self.item.values()), self.address)
        return in_language(path, current()) if path.startswith("/") else path

    @property
    def name(self) -> Text:
        """What stands there, in the reader's language, else in another in which it is public; empty for an address."""
        if self.section:
            return Text(gettext(self.get_section_display()), current())
        titles = {code: row["title"] for code, row in self.item.items()}
        language = current() if current() in titles else next(iter(titles), current())
        return Text(titles.get(language, ""), language)


class MenuEntry(Ordered, Destination):
    """A link of the header or the footer. Live as soon as it is saved."""

    class Place(models.TextChoices):
        HEADER = "header", _("Header")
        FOOTER = "footer", _("Footer")

    MOST = {Place.HEADER: 8, Place.FOOTER: 12}
    """How many links a place has room for."""

    place = models.CharField(
        _("place"), max_length=8, choices=Place, default=Place.HEADER, help_text=_("At the top of every page, or at its foot.")
    )
    label = models.CharField(
        _("label"),
        max_length=60,
        blank=True,
        help_text=_("Left empty, a section is called by its name and a page by its title."),
    )

    class Meta:
        verbose_name = _("menu link")
        verbose_name_plural = _("menus and footer")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text.text or getattr(self, "title_on_desk", None) or str(capfirst(self._meta.verbose_name))

    def clean(self) -> None:
        super().clean()
        others = MenuEntry.objects.exclude(pk=self.pk).filter(place=self.place)
        if self.address and not any(getattr(self, column) for column in all_localized("label")):
            raise ValidationError(dict.fromkeys(all_localized("label"), _("A link to an address needs a label.")))
        if others.filter(section=self.section, kind=self.kind, object_id=self.object_id, address=self.address).exists():
            raise ValidationError(_("This stands in that menu already."))
        most = self.MOST[self.place]
        if others.count() >= most:
            said = _("There is room for %(most)s links here. Take one out first, or choose the other place.")
            raise ValidationError({"place": ValidationError(said, params={"most": most})})

    @property
    def text(self) -> Text:
        """What the link says: in the reader's language its label, else the name of what stands there; else in another."""
        texts = [text for text in (text_of(self, "label"), self.name) if text]
        return min(texts, key=lambda text: text.is_foreign, default=Text("", current()))

    @property
    def title(self) -> Text:
        """The name of what stands there, whose language is the one in which the reader will find it."""
        return self.name or self.text

    @property
    def within(self) -> str:
        """The beginning of the addresses of which the link is the way up; every address would begin like the home page's."""
        return "" if self.section == Section.HOME or "://" in self.url else self.url


class Redirect(Destination):
    """An address that was printed, which leads somewhere. Where it leads may change at any time."""

    path = PrintedPathField(
        _("printed address"),
        max_length=200,
        unique=True,
        help_text=_("What follows the site’s name, such as /jubail. Capital letters and a slash at its end make no difference."),
        error_messages={"unique": _("This printed address is in use already.")},
    )
    note = models.CharField(
        _("where it is printed"),
        max_length=200,
        blank=True,
        help_text=_("For the desk only: on which poster or leaflet, and since when."),
    )

    class Meta:
        verbose_name = _("printed address")
        verbose_name_plural = _("printed addresses")
        ordering = ["path"]

    def __str__(self) -> str:
        return f"\u2066{self.path}\u2069"  # from left to right, also when it is of Arabic letters

    def clean(self) -> None:
        """No printed address leads to another: these are where the site answers not, a destination is where it does."""
        self.path = self.path and canonical(self.path)
        if self.path and is_taken(self.path):
            raise ValidationError({"path": _("A page of the site stands at this address, or once stood there.")})
        super().clean()
