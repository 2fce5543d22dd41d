"""The admin of publishable content: a form on the working copy, publishing as an act of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.forms.models import ModelChoiceIterator
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference_site.desk import bulk_acts, collisions
from conference_site.desk.bilingual import BilingualMixin, OneItem
from conference_site.desk.bulk import BulkMixin, action
from conference_site.desk.deletion import SoftDeletionMixin
from conference_site.desk.duplicating import DuplicatingMixin
from conference_site.desk.history import HistoryMixin
from conference_site.desk.presence import PresenceMixin
from conference_site.desk.preview import PreviewMixin
from conference_site.desk.proofreading import ProofreadingMixin
from conference_site.desk.publish_form import PublishForm, told
from conference_site.desk.review import ReviewMixin
from conference_site.desk.searching import SearchMixin
from conference_site.desk.translating import TranslatingMixin
from conference_site.languages import dates
from conference_site.languages.content import codes, language_name, localized
from conference_site.publishing import aggregate, replacements, versions, working_copies
from conference_site.publishing.models import LanguageVersion, Publishable, Revision, State


@dataclass
class Saved:
    """What a valid form left behind, before the savepoint in which it was saved is rolled back."""

    item: Publishable
    data: dict
    message: list
    is_new: bool
    seen: dict | None = None
    """The working copy on which the form was opened."""


class ReadOnce(ModelChoiceIterator):
    """The choices of a field that stands in every form of a formset: the copies of the field share what the first one reads."""

    def __iter__(self) -> Iterator:
        if not self.field.read:
            self.field.read.extend(super().__iter__())
        return iter(self.field.read)


class KnownChoice(OneItem):
    """An autocompletion that isn't asked what it has chosen already: its form knows."""

    known: models.Model | None = None

    def optgroups(self, name: str, value: list[str], attr: object = None) -> list:
        if self.known is None or value != [str(self.known.pk)]:
            return super().optgroups(name, value, attr)
        chosen = (self.known.pk, self.choices.field.label_from_instance(self.known))
        empty = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        return [(None, [*empty, self.create_option(name, *chosen, True, len(empty))], 0)]


class PartFormSet(forms.BaseInlineFormSet):
    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        for name, formfield in form.fields.items():
            if isinstance(formfield.widget, KnownChoice) and form.instance.pk:
                formfield.widget.known = getattr(form.instance, name)  # read with the row


class PartInline(BilingualMixin, admin.StackedInline):
    """Children that belong to an item. They're saved, and published, with it. Many cost as many queries as one."""

    extra = 0
    formset = PartFormSet
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        references = [field.name for field in self.model._meta.concrete_fields if field.many_to_one]
        return super().get_queryset(request).select_related(*references)

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs) -> forms.Field | None:
        """A link to another item is chosen here; adding or changing that item is done on its own form."""
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(formfield, "widget", None), RelatedFieldWidgetWrapper):
            formfield.widget = formfield.widget.widget
        if not isinstance(formfield, forms.ModelChoiceField):
            return formfield
        if isinstance(formfield.widget, AutocompleteSelect):
            known = KnownChoice(db_field, self.admin_site, formfield.widget.attrs)
            known.is_required, formfield.widget = formfield.required, known
        else:
            formfield.read, formfield.iterator = [], ReadOnce
        formfield.widget.choices = formfield.choices
        return formfield


class ContentAdmin(
    ProofreadingMixin,
    PresenceMixin,
    PreviewMixin,
    ReviewMixin,
    TranslatingMixin,
    DuplicatingMixin,
    HistoryMixin,
    SearchMixin,
    BulkMixin,
    SoftDeletionMixin,
    BilingualMixin,
    admin.ModelAdmin,
):
    """The base of every publishable model's admin."""

    change_form_template = "desk/change_form.html"
    publishes_with_form = False
    """Whether the form itself has the dates of publication, so that “Save and publish” asks nothing more."""

    acts = bulk_acts.ACTS
    actions = [*(action(act.key, act.label, act.permission) for act in acts), *SoftDeletionMixin.actions]
    search_fields = ["slug"]
    view_on_site = False  # the link is our own: Django's would lead to the draft's address
    list_per_page = 50
    empty_value_display = "—"
    show_facets = admin.ShowFacets.NEVER

    class Media:
        js = [Script("desk/choices.js", defer=True)]  # after Select2, and before it is used

    # Lists

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """A regular expression in an address is nobody's filter, and a broken one is an error of the database."""
        return "regex" not in lookup and super().lookup_allowed(lookup, value, request)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title} | (extra_context or {}))

    def get_list_display(self, request: HttpRequest) -> list:
        return [*super().get_list_display(request), *(_state_column(code) for code in codes()), "work"]

    @admin.display(description=_("Working copy"), empty_value="")
    def work(self, item: Publishable) -> str:
        if item.has_plan:
            return format_html('<span class="state state-scheduled">{}</span>', gettext("Replacement planned"))
        if not (item.changed and item.was_ever_published):
            return ""
        return format_html('<span class="state state-changed">{}</span>', gettext("Changes not published"))

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        of_item = {"content_type": ContentType.objects.get_for_model(self.model), "object_id": models.OuterRef("pk")}
        newest = Revision.objects.filter(**of_item).order_by("-pk")
        planned = LanguageVersion.objects.filter(**of_item, replace_at__isnull=False)
        states = super().get_queryset(request).with_states()
        return states.annotate(changed=models.Subquery(newest.values("changed")[:1]), has_plan=models.Exists(planned))

    # The form

    @transaction.atomic
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None) -> HttpResponse:
        """The ordinary form, on the working copy: saved inside a savepoint, kept as a revision, rolled back."""
        request.saved = request.collision = None
        request.refusal = (
            gettext("What you had typed is back in the form. It is not saved yet.") if "_restore" in request.POST else ""
        )
        request.may_be_deleted = request.method == "POST"  # what was typed meanwhile is to be kept
        item = self.get_object(request, unquote(object_id)) if object_id else None
        if item is None:
            response = super().changeform_view(request, object_id, form_url, extra_context)
        else:
            response = self._form_on_working_copy(request, item, form_url, extra_context or {})
        return self._keep(request, request.saved, response) if request.saved else response

    def _form_on_working_copy(self, request: HttpRequest, item: Publishable, form_url: str, context: dict) -> HttpResponse:
        """The form as its editor saw it. What is saved on top of somebody else's save is merged with it, or comes back."""
        base = collisions.base_of(request, item)
        context |= {
            "states": self._states(item),
            "work": self.work(item),
            "public_address": self._public_address(item),
            "base": base,
        }
        if item.has_plan and (plan := replacements.plan_of(item)):
            context |= {"plan": plan, "has_newer_work": base and plan.lacks(base.data, self.model)}
        response = self._form_on(request, item, base, form_url, context)
        if request.saved:
            merged, request.collision = collisions.resolve(request, item, base, request.saved.data)
            if not request.collision:
                request.saved.data, request.saved.seen = merged, base.data if base else None
                return response
            request.saved, request.refusal = None, request.collision.sentence
            response = self._form_on(request, item, base, form_url, context | {"collision": request.collision})
            response.status_code = 409
        return response

    def _form_on(
        self, request: HttpRequest, item: Publishable, base: Revision | None, form_url: str, context: dict
    ) -> HttpResponse:
        with working_copies.applied(item, base.data if base else None):
            response = super().changeform_view(request, str(item.pk), form_url, context)
            if isinstance(response, TemplateResponse):
                response.render()
        return response

    def get_form(self, request: HttpRequest, obj: Publishable | None = None, change: bool = False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", "")
        return collisions.refused(form, refusal) if refusal else form

    def log_addition(self, request: HttpRequest, obj: Publishable, message: list) -> None:
        request.saved = Saved(obj, aggregate.snapshot(obj), message, is_new=True)

    def log_change(self, request: HttpRequest, obj: Publishable, message: list | str) -> None:
        if hasattr(request, "saved"):
            request.saved = Saved(obj, aggregate.snapshot(obj), message, is_new=False)
        else:  # not from the form: order, restoring
            super().log_change(request, obj, message)

    def _keep(self, request: HttpRequest, saved: Saved, response: HttpResponse) -> HttpResponse:
        """Write down what was saved, outside the savepoint, and publish it where the form is meant to."""
        newest = working_copies.revisions_of(saved.item).first()
        if saved.is_new:
            revision = working_copies.add(saved.item, saved.data, request.user)
        else:
            revision = working_copies.save(saved.item, saved.data, request.user, seen=saved.seen)
        is_change = revision != newest
        if is_change:
            log = super().log_addition if saved.is_new else super().log_change
            log(request, saved.item, saved.message)
        if saved.item.deleted_at:
            messages.warning(
                request,
                gettext("This was deleted meanwhile. What you typed is kept with it, and comes back when it is restored."),
            )
            return HttpResponseRedirect(self._url("changelist"))
        if self._publishes_at_once(request):
            return self._publish_what_is_there(request, saved)
        if "_publish" not in request.POST and IS_POPUP_VAR not in request.POST:
            messages.success(request, self._what_saving_meant(request, saved.item, is_change))
        return response

    def _what_saving_meant(self, request: HttpRequest, item: Publishable, is_change: bool) -> str:
        """The message after saving, so that nobody wonders what the public sees now."""
        if not is_change:
            return gettext("Nothing has changed since the last save.")
        if any(self.get_object(request, item.pk).is_public(code) for code in codes()):
            return gettext("Draft saved. What the public sees has not changed; it changes when the draft is published.")
        return gettext("Draft saved. Nothing of it is public yet.")

    def response_add(self, request: HttpRequest, obj: Publishable, post_url_continue=None) -> HttpResponse:
        return super().response_add(request, obj) if IS_POPUP_VAR in request.POST else self._after_saving(request, obj)

    def response_change(self, request: HttpRequest, obj: Publishable) -> HttpResponse:
        return super().response_change(request, obj) if IS_POPUP_VAR in request.POST else self._after_saving(request, obj)

    def _after_saving(self, request: HttpRequest, obj: Publishable) -> HttpResponse:
        """Where each button leads: on to the question what to publish, back to the form, or back to the list."""
        if "_publish" in request.POST:
            return HttpResponseRedirect(self._url("publish", obj.pk))
        if "_preview" in request.POST:
            return HttpResponseRedirect(self._url("preview", obj.pk))
        if "_continue" in request.POST:
            return HttpResponseRedirect(self._url("change", obj.pk))
        return self.response_post_save_change(request, obj)

    def render_change_form(self, request: HttpRequest, context: dict, **kwargs) -> HttpResponse:
        may_change = (
            self.has_add_permission(request) if kwargs.get("add") else self.has_change_permission(request, kwargs.get("obj"))
        )
        context |= {
            "saves_draft": True,
            "show_publish": may_change and self.has_publish_permission(request),
            "publishes_with_form": self.publishes_with_form,
        }
        return super().render_change_form(request, context, **kwargs)

    # Publishing

    def get_urls(self) -> list:
        name = f"{self.opts.app_label}_{self.opts.model_name}_publish"
        return [path("<path:object_id>/publish/", self.admin_site.admin_view(self.publish_view), name=name), *super().get_urls()]

    @transaction.atomic
    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What would become public, in which languages and when; and what is to be withdrawn. An act and its note are one."""
        self._require_publish_permission(request)
        item = self.get_object(request, unquote(object_id))
        if item is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if language := request.POST.get("_withdraw"):
            return self._withdraw(request, item, language)
        if "_give_up" in request.POST:
            return self._give_up(request, item)
        form = PublishForm(item, request.POST or None)
        if request.method == "POST" and form.is_valid() and (revision := form.publish(request.user)):
            self._tell_published(request, item, told(item, revision, form.cleaned_data.get("replace_at")))
            return HttpResponseRedirect(self._url("change", item.pk))
        context = self.admin_site.each_context(request) | {
            "title": gettext("Publish or withdraw"),
            "subtitle": str(item),
            "opts": self.opts,
            "original": item,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "desk/publish.html", context)

    @transaction.atomic
    def _publish_what_is_there(self, request: HttpRequest, saved: Saved) -> HttpResponse:
        """Publish every language that has a text; where that can't be, say why and lead back to the form."""
        headline, fields = saved.item.headline, saved.data["fields"]
        ready = [code for code in codes() if fields.get(localized(headline, code))]
        try:
            revision = working_copies.publish(saved.item, ready, request.user)
        except ValidationError as error:
            messages.error(request, gettext("The draft is saved, but not published.") + " " + " ".join(error.messages))
            return HttpResponseRedirect(self._url("change", saved.item.pk))
        self._tell_published(request, saved.item, told(saved.item, revision))
        return HttpResponseRedirect(self._url("changelist"))

    def _withdraw(self, request: HttpRequest, item: Publishable, language: str) -> HttpResponse:
        if language not in codes():
            raise PermissionDenied
        was_scheduled = item.state(language) == State.SCHEDULED
        try:
            working_copies.withdraw(item, [language], request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(self._url("publish", item.pk))
        message = gettext("No longer scheduled: %(languages)s.") if was_scheduled else gettext("No longer public: %(languages)s.")
        message %= {"languages": language_name(language)}
        super().log_change(request, item, message)
        messages.success(request, message)
        return HttpResponseRedirect(self._url("publish", item.pk))

    def _give_up(self, request: HttpRequest, item: Publishable) -> HttpResponse:
        """End the plan, which may have been carried out a moment ago."""
        if replacements.give_up(item, request.user):
            message = gettext("What is public will not be replaced.")
            super().log_change(request, item, message)
            messages.success(request, message)
        else:
            messages.warning(request, gettext("No replacement is planned any more."))
        return HttpResponseRedirect(self._url("publish", item.pk))

    def _tell_published(self, request: HttpRequest, item: Publishable, message: str) -> None:
        super().log_change(request, item, message)
        messages.success(request, message)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.publish_{self.opts.model_name}")

    def _publishes_at_once(self, request: HttpRequest) -> bool:
        asked = self.publishes_with_form and "_publish" in request.POST
        if asked:
            self._require_publish_permission(request)
        return asked

    def _require_publish_permission(self, request: HttpRequest) -> None:
        if not self.has_publish_permission(request):
            raise PermissionDenied

    # Helpers

    def _public_address(self, item: Publishable) -> str | None:
        """Where the public finds the live item, whatever address stands in the draft."""
        shown = hasattr(item, "get_absolute_url") and any(item.is_public(code) for code in codes())
        return item.get_absolute_url() if shown else None

    def _states(self, item: Publishable) -> list[dict]:
        """For the template: each language with the state of its text, and how much of its translation is outdated."""
        outdated = dict(versions.of(item).values_list("language", "outdated"))
        return [
            {
                "language": language_name(code),
                "state": item.state(code),
                "scheduled_for": _scheduled_for(item, code),
                "outdated": outdated.get(code, 0),
            }
            for code in codes()
        ]

    def _url(self, name: str, *args) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args)


def _scheduled_for(item: Publishable, language: str) -> datetime | None:
    """When a text becomes public that waits for its date."""
    return getattr(item, localized("publish_at", language)) if item.state(language) == State.SCHEDULED else None


def _state_column(language: str):
    """A column of a list: the state of one language's text."""

    @admin.display(description=language_name(language))
    def column(item: Publishable) -> str:
        state = item.state(language)
        mark = format_html('<span class="state state-{}">{}</span>', state.value, state.label)
        moment = _scheduled_for(item, language)
        return format_html('{} <span class="due">{}</span>', mark, dates.moment(moment)) if moment else mark

    column.__name__ = f"state_{language}"
    return column
