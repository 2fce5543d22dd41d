"""The addresses to which the content leads: where each stands, and whether it leads anywhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conference_site.languages.content import current, language_name
from conference_site.languages.text import isolated

SHOWN = 4
"""How many of an address's places a list names."""
APART = timedelta(hours=20)
"""How long after its first failure an address of another site must fail again to be called broken: on another day."""


class State(models.TextChoices):
    """Whether an address leads somewhere, the worst first."""

    BROKEN = "broken", _("Broken")
    FAILING = "failing", _("Failed once")
    UNCLEAR = "unclear", _("Could not be checked")
    REMARK = "remark", _("Works, with a remark")
    WORKS = "works", _("Works")
    UNKNOWN = "", _("Not checked yet")


class Reason(models.TextChoices):
    """Why, in words for an editor. ``%(detail)s`` is an answer's number, or where the address leads."""

    NONE = "", ""
    NO_PAGE = "no page", _("This site has no such page.")
    DRAFT = "draft", _("It leads to something that is not published.")
    SCHEDULED = "scheduled", _("It leads to something that is not public yet.")
    EXPIRED = "expired", _("It leads to something that is no longer public.")
    DELETED = "deleted", _("It leads to something that was deleted.")
    DESK = "desk", _("It leads to the desk, where visitors cannot go.")
    PREVIEW = "preview", _("It leads to a preview, which will end.")
    NO_FILE = "no file", _("The file is not there.")
    OTHER_LANGUAGE = "other language", _("The page is not there in this language: readers get it in another one.")
    REDIRECT = "redirect", _("It leads by a redirect to %(detail)s.")

    NO_SITE = "no site", _("There is no site of this name.")
    SILENT = "silent", _("The site does not answer.")
    SLOW = "slow", _("The site does not answer in time.")
    NONSENSE = "nonsense", _("The site’s answer cannot be understood.")
    CERTIFICATE = "certificate", _("The site’s certificate is not valid: browsers warn of it.")
    NOT_FOUND = "not found", _("The site says that it has no such page (%(detail)s).")
    ERROR = "error", _("The site answers with an error (%(detail)s).")
    NO_ADDRESS = "no address", _("This is no address that a browser could open.")

    DECLINED = "declined", _("The site does not answer programs (%(detail)s).")
    ROBOTS = "robots", _("The site asks programs to leave this page alone (robots.txt).")
    CHAIN = "chain", _("The site’s certificate could not be verified from here.")
    LOOP = "loop", _("It leads from one address to the next without an end.")
    PRIVATE = "private", _("It leads into a private network, where the check does not go.")
    UNUSUAL = "unusual", _("It leads to an unusual port, or names a user: the check does not go there.")
    NO_NETWORK = "no network", _("Other sites could not be reached from here.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of checking an address once."""

    state: State
    reason: Reason = Reason.NONE
    detail: str = ""


class AddressQuerySet(models.QuerySet):
    def used(self):
        """Those that stand anywhere."""
        return self.filter(models.Exists(Place.objects.filter(address=models.OuterRef("pk"))))

    def standing_in(self, kinds):
        """Those that stand in items of these content types."""
        places = Place.objects.filter(address=models.OuterRef("pk"), source__content_type__in=kinds)
        return self.filter(models.Exists(places))

    def worst_first(self):
        """Broken ones first, in each state those that have failed for longest."""
        ranks = [models.When(state=state, then=rank) for rank, state in enumerate(State)]
        return self.order_by(models.Case(*ranks), "failing_since", "url", "pk")

    def with_places(self, kinds):
        """Each with where it stands in items of these content types, as far as `shown_places` shows it."""
        places = Place.objects.filter(source__content_type__in=kinds).select_related("source").order_by("source", "language")
        return self.prefetch_related(models.Prefetch("places", places[: SHOWN + 1], to_attr="first_places"))


class Address(models.Model):
    """An address that stands somewhere in the content, without its fragment, and what its last check found."""

    url = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    """Of the address, which may be longer than an index takes."""

    is_internal = models.BooleanField()
    state = models.CharField(max_length=8, choices=State, blank=True, default=State.UNKNOWN)
    reason = models.CharField(max_length=16, choices=Reason, blank=True, default=Reason.NONE)
    detail = models.CharField(max_length=2000, blank=True)
    checked_at = models.DateTimeField(null=True)
    """Of an address of this site, when this was first found: they are checked all the time."""
    failing_since = models.DateTimeField(null=True)

    first_places: list["Place"]
    """Where `AddressQuerySet.with_places` has read them."""

    CHECK: ClassVar = ("state", "reason", "detail", "checked_at", "failing_since")

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        default_permissions = ()
        indexes = [
            models.Index(fields=["state", "failing_since"], name="address_state"),
            models.Index(fields=["is_internal", "id"], name="address_internal"),
        ]

    def __str__(self) -> str:
        return self.url

    @staticmethod
    def digest_of(url: str) -> str:
        return sha256(url.encode()).hexdigest()

    @property
    def shown_places(self) -> list["Place"]:
        return self.first_places[:SHOWN]

    @property
    def has_more_places(self) -> bool:
        return len(self.first_places) > SHOWN

    @property
    def why(self) -> str:
        """The reason in a sentence."""
        return Reason(self.reason).label % {"detail": isolated(self.detail)} if self.reason else ""

    def note(self, outcome: Outcome, now: datetime) -> bool:
        """Put what a check found on the row; returns whether that says anything new.

        What fails on another site is broken once it fails again on another day, with nothing else in between.
        """
        before = (self.state, self.reason, self.detail)
        has_failed = outcome.state == State.BROKEN
        self.failing_since = (self.failing_since or now) if has_failed else None
        is_first = has_failed and not self.is_internal and now - self.failing_since < APART
        self.state = State.FAILING if is_first else outcome.state
        self.reason, self.detail = outcome.reason, outcome.detail[:2000]
        is_new = before != (self.state, self.reason, self.detail)
        if is_new or not self.is_internal or not self.checked_at:
            self.checked_at = now
        return is_new


class Source(models.Model):
    """An item whose links were read: when its newest revision was this one. What has no working copy has no revision."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    revision = models.PositiveBigIntegerField(null=True)
    titles = models.JSONField(default=dict)
    """Its title in each language, else in another."""

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id"], name="links_read_once")]

    def __str__(self) -> str:
        return self.titles.get(current()) or "—"


class Place(models.Model):
    """An address stands in a language's texts of an item, or (no language) in what all languages share."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE)
    address = models.ForeignKey(Address, on_delete=models.CASCADE, related_name="places")
    language = models.CharField(max_length=12, blank=True)
    is_live = models.BooleanField()
    """Whether it stands in what was published, and not in the draft alone."""

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["source", "address", "language"], name="one_place_per_language")]

    def __str__(self) -> str:
        return self.source.titles.get(self.language or current()) or "—"

    @property
    def language_name(self) -> str:
        return language_name(self.language) if self.language else ""

    @property
    def _opts(self) -> "models.options.Options":
        return ContentType.objects.get_for_id(self.source.content_type_id).model_class()._meta

    @property
    def kind(self) -> str:
        return capfirst(self._opts.verbose_name)

    @property
    def form(self) -> str:
        """The address of the item's form."""
        return reverse(f"admin:{self._opts.app_label}_{self._opts.model_name}_change", args=[self.source.object_id])
