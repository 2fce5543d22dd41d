"""What it means to be public: the abstract bases, and the revisions and former slugs that they leave behind."""

import secrets
from datetime import timedelta
from functools import cache, reduce
from hashlib import sha256
from itertools import chain, count
from operator import or_
from typing import TYPE_CHECKING

from anyascii import anyascii
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Case, Q, When
from django.db.models.functions import Greatest, Now
from django.urls import resolve, reverse
from django.utils import translation
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.fields import TranslationField

from conference_site.languages.content import all_localized, codes, current, localized, names_in_words
from conference_site.languages.models import Normalised, require_text
from conference_site.search.models import Searchable

if TYPE_CHECKING:
    from conference_site.publishing.barriers import Barrier, Pictures


class State(models.TextChoices):
    """The state of one language's text, computed from its two dates."""

    UNPUBLISHED = "unpublished", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLIC = "public", _("Published")
    EXPIRED = "expired", _("Expired")


NOW = "STATEMENT_TIMESTAMP()"  # what Django makes of `Now()`


class OfDates(models.Expression):
    """A condition on the dates of a row, ``{row}`` in ``sql`` being its table; by way of ``of`` ("item__").

    Written as SQL: nearly every query has it, and Django takes longer to put the same together from lookups than PostgreSQL takes
    to answer.
    """

    output_field = models.BooleanField()

    def __init__(self, sql: str, of: str = "") -> None:
        super().__init__()
        self._sql, self._row = sql, models.F(f"{of}deleted_at")

    def get_source_expressions(self) -> list:
        return [self._row]

    def set_source_expressions(self, expressions: list) -> None:
        [self._row] = expressions

    def as_sql(self, compiler, connection) -> tuple[str, list]:
        return self._sql.format(row=connection.ops.quote_name(self._row.alias), now=NOW), []


@cache
def _public_sql(language: str) -> str:
    publish_at, expires_at = (localized(name, language) for name in ("publish_at", "expires_at"))
    ends = f'({{row}}."{expires_at}" IS NULL OR {{row}}."{expires_at}" > {{now}})'
    return f'({{row}}."{publish_at}" <= {{now}} AND {ends})'


def is_public(language: str, of: str = "") -> OfDates:
    """Rows whose text in ``language`` is public at this moment of the database's clock; by way of ``of`` ("item__")."""
    return OfDates(_public_sql(language), of)


@cache
def _visible_sql() -> str:
    return f'({{row}}."deleted_at" IS NULL AND ({" OR ".join(map(_public_sql, codes()))}))'


def is_visible(of: str = "") -> OfDates:
    """Rows that are shown: kept, and public in any language at this moment of the database's clock."""
    return OfDates(_visible_sql(), of)


def visible_sql(row: str) -> str:
    """The same for SQL that is written by hand, in which ``row`` is the row's table."""
    return _visible_sql().format(row=row, now=NOW)


def last_change() -> Greatest:
    """When what the public sees of a row last changed, in SQL: by an editor, or because a moment had come."""
    moments = [Case(When(**{f"{column}__lte": Now()}, then=column)) for column in all_localized("publish_at", "expires_at")]
    return Greatest("modified_at", "deleted_at", *moments, output_field=models.DateTimeField())


def public_text_constraints(field: str) -> list[models.CheckConstraint]:
    """One constraint a language: a text that has a date of publication has its ``field`` too.

    Translated columns are nullable, so the columns alone can't say it.
    """
    return [
        models.CheckConstraint(
            condition=Q(**{localized("publish_at", code): None})
            | (Q(**{f"{localized(field, code)}__isnull": False}) & ~Q(**{localized(field, code): ""})),
            name=f"%(app_label)s_%(class)s_{code}_{field}",
            violation_error_message=_("A text cannot be published without its title."),
        )
        for code in codes()
    ]


class PublishableQuerySet(models.QuerySet):
    """Rows with the state of each of their languages, by the database's clock."""

    def kept(self):
        """Those that nobody deleted."""
        return self.filter(deleted_at=None)

    def with_states(self):
        """Each row with the moment at which it was read, by the database's clock, from which `Publishable.state` follows."""
        return self.annotate(read_at=Now())

    def public(self, language: str):
        """Those whose text in ``language`` is public now."""
        return self.kept().filter(is_public(language)).with_states()

    def visible(self):
        """Those that are public in any language, and so shown under the prefix of each."""
        return self.filter(is_visible()).with_states()

    def ever_public(self):
        """Those of which any text is, or was, public, the deleted ones too."""
        return self.filter(reduce(or_, (Q(**{f"{column}__lte": Now()}) for column in all_localized("publish_at"))))


class Publishable(Searchable, Normalised):
    """Content whose text in each language becomes public, and ceases to be, by two dates of its own.

    Subclasses say in ``parts`` which children (reverse names of foreign keys) belong to the item and are published with it, in
    ``reading_order`` which texts are read beneath the headline, ``milestones.text`` being one of its parts, and in
    ``reading_headings`` which of these have a heading above them (see `parallel`); in ``also_shown_on`` which page shows the
    item beside its own, by the name of its URL pattern (see `previews`); in ``not_duplicated`` which columns that may be empty a
    copy of the item begins without; in ``moments`` at which dates of it something changes for the public.
    """

    also_shown_on = "home"
    parts: tuple[str, ...] = ()
    reading_order: tuple[str, ...] = ()
    reading_headings: dict[str, str] = {}
    not_duplicated: tuple[str, ...] = ()
    moments: tuple[str, ...] = ("publish_at", "expires_at")

    publish_at = models.DateTimeField(
        _("public from"), null=True, blank=True, help_text=_("Left empty, the text becomes public when it is published.")
    )
    expires_at = models.DateTimeField(
        _("public until"), null=True, blank=True, help_text=_("Left empty, it stays public until it is withdrawn.")
    )
    deleted_at = models.DateTimeField(_("deleted on"), null=True, blank=True, editable=False)
    modified_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = PublishableQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ("add", "change", "delete", "view", "publish", "approve")

    def __str__(self) -> str:
        texts = (getattr(self, localized(self.headline, code)) for code in [current(), *codes()])
        return next(filter(None, texts), None) or f"{self._meta.verbose_name} {self.pk or ''}".strip()

    def clean(self) -> None:
        require_text(self, self.headline)
        columns = {code: localized(self.headline, code) for code in codes()}
        dated = [code for code in codes() if getattr(self, localized("publish_at", code))]
        if untitled := [columns[code] for code in dated if not getattr(self, columns[code])]:
            raise ValidationError(dict.fromkeys(untitled, _("This text is public, or will be: it cannot be without a title.")))

    def state(self, language: str) -> State:
        """The state of the text in ``language`` when the row was read. Needs a row from ``with_states()``."""
        begin, end = (getattr(self, localized(name, language)) for name in ("publish_at", "expires_at"))
        if begin is None:
            return State.UNPUBLISHED
        if end is not None and end <= self.read_at:
            return State.EXPIRED
        return State.SCHEDULED if begin > self.read_at else State.PUBLIC

    def is_public(self, language: str) -> bool:
        """Whether the text in ``language`` was public when the row was read (the database's clock)."""
        return self.state(language) == State.PUBLIC

    def before_publish(self, fields: dict, languages: list[str]) -> None:
        """Called on the live row with the columns of which those of ``languages``, and the shared ones, are about to replace it.

        A subclass may complete them.
        """

    def publication_barriers(
        self, data: dict, languages: list[str], pictures: "Pictures | None" = None
    ) -> dict[str, list["Barrier"]]:
        """What keeps the texts in these languages of a working copy's ``data`` from being published, by language.

        A subclass may add to it; every way of publishing asks. ``pictures``: see `barriers.missing_alternatives`.
        """
        from conference_site.publishing.barriers import missing_alternatives  # which reads models by `aggregate`

        return missing_alternatives(type(self), data, languages, pictures)

    @property
    def was_ever_published(self) -> bool:
        """Whether any language has, or had, a date of publication."""
        return any(getattr(self, localized("publish_at", code)) for code in codes())


class PartQuerySet(models.QuerySet):
    def to_visible(self, name: str, most: int | None = None) -> list["Part"]:
        """The parts whose ``name`` (a foreign key) leads to an item that is shown, that item included; one query."""
        parts = list(self.filter(is_visible(f"{name}__")).select_related(name).annotate(read_at=Now())[:most])
        for part in parts:
            getattr(part, name).read_at = part.read_at
        return parts


class Part(Normalised):
    """A child that belongs to an item (a milestone, a link with a note), public as far as the item is.

    Subclasses name the foreign key to their item in ``part_of``. A translated field that may not be blank needs a text in one
    language at least.
    """

    part_of: str

    objects = PartQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def required_texts(cls) -> set[str]:
        """The translated fields that may not be blank."""
        columns = [field for field in cls._meta.concrete_fields if isinstance(field, TranslationField)]
        return {column.translated_field.name for column in columns if not column.translated_field.blank}

    def clean(self) -> None:
        for name in self.required_texts():
            require_text(self, name)

    def is_public(self, language: str) -> bool:
        return getattr(self, self.part_of).is_public(language)


class Ordered(models.Model):
    """Content in an order that editors give by dragging; live at once."""

    order = models.PositiveIntegerField(_("order"), default=0, db_index=True)

    class Meta:
        abstract = True
        ordering = ["order", "pk"]

    def save(self, *args, **kwargs) -> None:
        """What is new comes last."""
        if self._state.adding and not self.order:
            highest = type(self)._base_manager.aggregate(highest=models.Max("order"))["highest"]
            self.order = (highest or 0) + 10
        super().save(*args, **kwargs)


class Addressed(models.Model):
    """Content with an address of its own: one ASCII slug for all languages, under ``page_name``'s URL pattern.

    ``list_name`` is that of the list on which all of its kind stand; empty where there is none.
    """

    page_name: str
    list_name = ""

    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        blank=True,
        help_text=_("The end of the page's address, in Latin letters. Left empty, it is made from the title."),
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        if not self.slug:
            self.slug = self._free_slug()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "slug"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """The address under the language that is active."""
        return reverse(self.page_name, args=[self.slug])

    def clean(self) -> None:
        super().clean()
        if self.slug and not self._answers_at(self.slug):
            raise ValidationError({"slug": _("This address belongs to another part of the site.")})
        if self.slug and self._former_slugs().filter(slug=self.slug).exists():
            raise ValidationError({"slug": _("This address was once another item’s, and leads to that item for ever.")})

    def url_in(self, language: str) -> str:
        """The address under ``language``'s prefix."""
        with translation.override(language):
            return self.get_absolute_url()

    def _answers_at(self, slug: str) -> bool:
        """Whether the address that this slug makes leads to an item's page, and not to another part of the site."""
        return resolve(reverse(self.page_name, args=[slug])).url_name == self.page_name

    def taken_slugs(self, stem: str) -> set[str]:
        """The slugs with this beginning that other items have, or once had."""
        places = (type(self)._base_manager.exclude(pk=self.pk), self._former_slugs())
        return {slug for rows in places for slug in rows.filter(slug__startswith=stem).values_list("slug", flat=True)}

    def _former_slugs(self) -> models.QuerySet["FormerSlug"]:
        """Those of other items of this kind."""
        return FormerSlug.objects.filter(content_type=ContentType.objects.get_for_model(self)).exclude(object_id=self.pk)

    def keep_former_slug(self, former: str | None) -> None:
        """Let the slug that this item had before it was saved redirect to it for ever."""
        content_type = ContentType.objects.get_for_model(self)
        FormerSlug.objects.filter(content_type=content_type, slug=self.slug, object_id=self.pk).delete()
        if former and former != self.slug:
            FormerSlug.objects.update_or_create(content_type=content_type, slug=former, defaults={"object_id": self.pk})

    def _free_slug(self) -> str:
        """A slug from a title in Latin letters, else from the first title's transcription; where it's taken, with a number."""
        titles = [title for code in codes() if (title := getattr(self, localized(self.headline, code)))]
        titles.sort(key=lambda title: not title.isascii())
        stem = slugify(anyascii("".join(titles[:1])))[:70].strip("-") or self._meta.model_name
        taken = self.taken_slugs(stem)
        numbered = chain([stem], (f"{stem}-{number}" for number in count(2)))
        return next(slug for slug in numbered if slug not in taken and self._answers_at(slug))


class FormerSlug(models.Model):
    """An address that an item once had. It redirects for ever."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    slug = models.SlugField(max_length=80)
    object_id = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("former link")
        verbose_name_plural = _("former links")
        constraints = [models.UniqueConstraint(fields=["content_type", "slug"], name="one_item_per_former_slug")]

    def __str__(self) -> str:
        return self.slug


class Revision(models.Model):
    """The whole of an item as it was after one act of an editor; the newest is the item's working copy.

    ``data`` is what `aggregate.snapshot` returns. ``changed`` names the languages whose text in it differs from the live row,
    and ``*`` when something that all languages share does.
    """

    class Action(models.TextChoices):
        LOADED = "loaded", _("loaded with the starting content")
        SAVED = "saved", _("saved")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DELETED = "deleted", _("deleted")
        RESTORED = "restored", _("restored")
        SUBMITTED = "submitted", _("submitted for review")
        APPROVED = "approved", _("approved")
        SENT_BACK = "sent back", _("sent back")
        CONFIRMED = "confirmed", _("translation confirmed")
        REVERTED = "reverted", _("earlier version brought back")
        PLANNED = "planned", _("replacement planned")
        DROPPED = "dropped", _("replacement given up")
        FAILED = "failed", _("replacement not possible")

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    action = models.CharField(max_length=12, choices=Action)
    languages = ArrayField(models.CharField(max_length=12), default=list)
    data = models.JSONField(encoder=DjangoJSONEncoder)
    changed = ArrayField(models.CharField(max_length=12), default=list)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        indexes = [models.Index(fields=["content_type", "object_id", "-id"], name="revision_newest_first")]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def act(self) -> str:
        """What was done, and in which languages."""
        done = capfirst(self.get_action_display())
        if not self.languages:
            return done
        return gettext("%(done)s: %(languages)s") % {"done": done, "languages": names_in_words(self.languages)}


class Stage(models.TextChoices):
    """How far the work on one language of a working copy is. Whether its text is public is another matter: see `State`."""

    NONE = "", _("Nothing to do")
    WRITING = "writing", _("Being written")
    SUBMITTED = "submitted", _("Waiting for review")
    SENT_BACK = "sent back", _("Sent back")
    APPROVED = "approved", _("Approved")


class LanguageVersion(models.Model):
    """The work on one language of one item: what the boards of the desk count, filter and sort.

    Written by `versions.refresh` in the transaction that changed the item or its working copy. What is said of the live row
    (``publish_at``, ``expires_at``, ``deleted_at``) and of the working copy (``title``, ``missing``, ``outdated``, ``revision``)
    can be computed again; the stage, the note and the date are the editors' own.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=500)
    """The working copy's headline in this language, else in another."""
    words = SearchVectorField(null=True)
    """By what of it the desk's search finds the item; NULL in rows that are older than that search."""

    stage = models.CharField(max_length=12, choices=Stage, blank=True)
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    moved_at = models.DateTimeField(db_default=Now())
    note = models.TextField(blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    missing = models.PositiveIntegerField(default=0)
    """How many texts of the source have no translation here."""
    outdated = models.PositiveIntegerField(default=0)
    """How many texts were translated from a source that has changed since."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    """Who worked on the item last: not who approved it or sent it back."""

    replace_at = models.DateTimeField(null=True)
    """When ``planned`` is to replace the text that is public: see `replacements`."""

    planned = models.ForeignKey(Revision, null=True, on_delete=models.SET_NULL, related_name="+")
    revision = models.ForeignKey(Revision, null=True, on_delete=models.SET_NULL, related_name="+")
    publish_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    computed = ("title", "words", "missing", "outdated", "publish_at", "expires_at", "deleted_at")
    """The columns that `versions.rebuild` writes anew."""

    class Meta:
        verbose_name = _("work on a language")
        verbose_name_plural = _("work on languages")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "language"], name="one_version_per_language"),
        ]
        indexes = [
            models.Index(fields=["stage", "moved_at"], condition=~Q(stage=""), name="version_stages"),
            models.Index(fields=["due_on"], condition=Q(due_on__isnull=False), name="version_due"),
            models.Index(fields=["replace_at"], condition=Q(replace_at__isnull=False), name="version_replaced"),
            models.Index(fields=["language", "-revision"], name="version_newest_first"),
            GinIndex(fields=["words"], name="version_by_lexeme"),
            models.Index(fields=["content_type", "object_id"], condition=Q(deleted_at__isnull=False), name="version_deleted"),
        ]

    def __str__(self) -> str:
        return self.title or "—"


class PreviewLinkQuerySet(models.QuerySet):
    def of(self, item: Publishable):
        """Those of one item, the last to end first."""
        return self.filter(content_type=ContentType.objects.get_for_model(item), object_id=item.pk).order_by("-expires_at", "-pk")

    def open(self):
        """Those that lead somewhere now: not ended, and made by somebody who still may sign in."""
        return self.filter(expires_at__gt=Now(), created_by__is_active=True)

    def add_to(self, item: Publishable, days: int, user) -> str:
        """Make a link to the item's preview that ends after so many days. Returns its token, which is kept nowhere."""
        self.filter(expires_at__lte=Now()).delete()
        token = secrets.token_urlsafe(24)
        self.create(
            content_type=ContentType.objects.get_for_model(item),
            object_id=item.pk,
            digest=PreviewLink.digest_of(token),
            expires_at=Now() + timedelta(days=days),
            created_by=user,
        )
        return token


class PreviewLink(models.Model):
    """Shows the working copy of an item to whoever has its token, until it ends. Only the token's hash is stored."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    created_at = models.DateTimeField(db_default=Now())

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        default_permissions = ()
        indexes = [models.Index(fields=["content_type", "object_id"], name="preview_link_of_item")]

    def __str__(self) -> str:
        return f"{self.content_type} {self.object_id}"

    @staticmethod
    def digest_of(token: str) -> str:
        return sha256(token.encode()).hexdigest()

    @property
    def item(self) -> Publishable | None:
        """What it shows; None where that is deleted."""
        return self.content_type.model_class().objects.kept().filter(pk=self.object_id).first()


class Presence(models.Model):
    """Somebody has the form of an item open, or had a moment ago."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id", "user"], name="present_once")]
        indexes = [models.Index(fields=["seen_at"], name="presence_seen")]

    def __str__(self) -> str:
        return f"{self.user} {self.seen_at:%H:%M}"
