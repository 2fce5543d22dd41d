"""The admin of publishable content: a form on the working copy, publishing as an act of its own, soft deletion."""

from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference_site.desk.bilingual import BilingualMixin
from conference_site.desk.publish_form import PublishForm
from conference_site.languages.content import codes, language_name, localized
from conference_site.publishing import aggregate, working_copies
from conference_site.publishing.models import Publishable, Revision


@dataclass
class Saved:
    """What a valid form left behind, before the savepoint in which it was saved is rolled back."""

    item: Publishable
    data: dict
    message: list
    is_new: bool


class PartInline(BilingualMixin, admin.StackedInline):
    """Children that belong to an item. They're saved, and published, with it."""

    extra = 0
    show_change_link = False


class ContentAdmin(BilingualMixin, admin.ModelAdmin):
    """The base of every publishable model's admin."""

    change_form_template = "desk/change_form.html"
    delete_confirmation_template = "desk/delete_confirmation.html"
    publishes_with_form = False
    """Whether the form itself has the dates of publication, so that “Save and publish” asks nothing more."""

    save_on_top = True
    list_per_page = 50

    # Lists

    def get_list_display(self, request: HttpRequest) -> list:
        return [*super().get_list_display(request), *(_state_column(code) for code in codes()), "work"]

    @admin.display(description=_("Working copy"))
    def work(self, item: Publishable) -> str:
        return gettext("changes not published") if item.changed and item.was_ever_published else ""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        newest = Revision.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model), object_id=models.OuterRef("pk")
        ).order_by("-pk")
        return super().get_queryset(request).kept().with_states().annotate(changed=models.Subquery(newest.values("changed")[:1]))

    # The form

    @transaction.atomic
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None) -> HttpResponse:
        """The ordinary form, on the working copy: saved inside a savepoint, kept as a revision, rolled back."""
        request.saved = None
        item = self.get_object(request, unquote(object_id)) if object_id else None
        if item is None:
            response = super().changeform_view(request, object_id, form_url, extra_context)
        else:
            context = {"states": self._states(item)} | (extra_context or {})
            with working_copies.applied(item):
                response = super().changeform_view(request, object_id, form_url, context)
                if isinstance(response, TemplateResponse):
                    response.render()
        return self._keep(request, request.saved, response) if request.saved else response

    def log_addition(self, request: HttpRequest, obj: Publishable, message: list) -> None:
        request.saved = Saved(obj, aggregate.snapshot(obj), message, is_new=True)

    def log_change(self, request: HttpRequest, obj: Publishable, message: list) -> None:
        if not hasattr(request, "saved"):  # the list's own form: order is live at once
            super().log_change(request, obj, message)
        else:
            request.saved = Saved(obj, aggregate.snapshot(obj), message, is_new=False)

    def _keep(self, request: HttpRequest, saved: Saved, response: HttpResponse) -> HttpResponse:
        """Write down what was saved, outside the savepoint, and publish it where the form is meant to."""
        working_copies.save(saved.item, saved.data, request.user)
        log = super().log_addition if saved.is_new else super().log_change
        log(request, saved.item, saved.message)
        if self.publishes_with_form and "_publish" in request.POST:
            return self._publish_what_is_there(request, saved)
        return response

    def _publish_what_is_there(self, request: HttpRequest, saved: Saved) -> HttpResponse:
        """Publish every language that has a text; where that can't be, say why and lead back to the form."""
        self._require_publish_permission(request)
        headline, fields = saved.item.headline, saved.data["fields"]
        ready = [code for code in codes() if fields.get(localized(headline, code))]
        try:
            working_copies.publish(saved.item, ready, request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(self._url("change", saved.item.pk))
        messages.success(request, gettext("Published: %(languages)s.") % {"languages": _names(ready)})
        return HttpResponseRedirect(self._url("changelist"))

    def response_add(self, request, obj, post_url_continue=None) -> HttpResponse:
        return self._to_publishing(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj) -> HttpResponse:
        return self._to_publishing(request, obj) or super().response_change(request, obj)

    def _to_publishing(self, request: HttpRequest, obj: Publishable) -> HttpResponse | None:
        """After “Save and publish”: to the question what exactly."""
        asked = "_publish" in request.POST and not self.publishes_with_form
        return HttpResponseRedirect(self._url("publish", obj.pk)) if asked else None

    def render_change_form(self, request, context, **kwargs) -> HttpResponse:
        may_change = (
            self.has_add_permission(request) if kwargs.get("add") else self.has_change_permission(request, kwargs.get("obj"))
        )
        context |= {"show_publish": may_change and self.has_publish_permission(request)}
        return super().render_change_form(request, context, **kwargs)

    def view_on_site(self, obj: Publishable) -> str | None:
        """The public page, where there is one."""
        shown = hasattr(obj, "get_absolute_url") and type(obj).objects.visible().filter(pk=obj.pk).exists()
        return obj.get_absolute_url() if shown else None

    # Publishing

    def get_urls(self) -> list:
        name = f"{self.opts.app_label}_{self.opts.model_name}_publish"
        return [path("<path:object_id>/publish/", self.admin_site.admin_view(self.publish_view), name=name), *super().get_urls()]

    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What would become public, in which languages and when; and what is to be withdrawn."""
        item = self.get_object(request, unquote(object_id))
        if item is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        self._require_publish_permission(request)
        if language := request.POST.get("_withdraw"):
            return self._withdraw(request, item, language)
        form = PublishForm(item, request.POST or None)
        if request.method == "POST" and form.is_valid() and form.publish(request.user):
            messages.success(request, gettext("Published: %(languages)s.") % {"languages": _names(form.chosen)})
            return HttpResponseRedirect(self._url("change", item.pk))
        context = self.admin_site.each_context(request) | {
            "title": gettext("Publish"),
            "subtitle": str(item),
            "opts": self.opts,
            "original": item,
            "form": form,
            "media": self.media,
        }
        return TemplateResponse(request, "desk/publish.html", context)

    def _withdraw(self, request: HttpRequest, item: Publishable, language: str) -> HttpResponse:
        if language not in codes():
            raise PermissionDenied
        working_copies.withdraw(item, [language], request.user)
        messages.success(request, gettext("Withdrawn: %(languages)s.") % {"languages": _names([language])})
        return HttpResponseRedirect(self._url("publish", item.pk))

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.publish_{self.opts.model_name}")

    def _require_publish_permission(self, request: HttpRequest) -> None:
        if not self.has_publish_permission(request):
            raise PermissionDenied

    # Deleting

    def get_deleted_objects(self, objs, request: HttpRequest) -> tuple:
        """Only the items themselves: nothing is cascaded to, because nothing leaves the database."""
        refused = set() if self.has_delete_permission(request) else {self.opts.verbose_name}
        items = [str(item) for item in objs]
        return items, {self.opts.verbose_name_plural: len(items)}, refused, []

    def delete_model(self, request: HttpRequest, obj: Publishable) -> None:
        working_copies.delete(obj, request.user)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for item in queryset:
            working_copies.delete(item, request.user)

    # Helpers

    def _states(self, item: Publishable) -> list[tuple[str, str, str]]:
        return [(language_name(code), item.state(code).value, item.state(code).label) for code in codes()]

    def _url(self, name: str, *args) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args)


def _state_column(language: str):
    """A column of a list: the state of one language's text."""

    @admin.display(description=language_name(language))
    def column(item: Publishable) -> str:
        state = item.state(language)
        return format_html('<span class="state state-{}">{}</span>', state.value, state.label)

    column.__name__ = f"state_{language}"
    return column


def _names(languages: list[str]) -> str:
    return gettext(", ").join(str(language_name(code)) for code in languages)
