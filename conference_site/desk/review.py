"""The page on which a text is submitted for review, approved or sent back, and its translation given a date."""

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference_site.languages.content import codes, language_name
from conference_site.languages.inputs import DateInput
from conference_site.languages.validators import validate_plausible
from conference_site.publishing import versions, working_copies
from conference_site.publishing.models import LanguageVersion, Publishable, Stage

SUBMIT, APPROVE, SEND_BACK, DUE = "_submit", "_approve", "_send_back", "_due"
SAID = {
    SUBMIT: _("Submitted for review: %(language)s."),
    APPROVE: _("Approved: %(language)s."),
    SEND_BACK: _("Sent back: %(language)s."),
    DUE: _("The date is kept: %(language)s."),
}
"""What is said of each act, on the page and in the log."""


class ReviewForm(forms.Form):
    """What can be done with one language of an item, by this editor. ``seen`` is the revision that they have read."""

    language = forms.CharField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    remark = forms.CharField(
        label=_("A note, or the reason"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    due_on = forms.DateField(label=_("Due on"), required=False, widget=DateInput, validators=[validate_plausible])

    def __init__(self, version: LanguageVersion, acts: set[str], data=None) -> None:
        initial = {"language": version.language, "seen": version.revision_id, "due_on": version.due_on}
        super().__init__(data, initial=initial, auto_id=f"id_{version.language}_%s")
        self.version, self.acts, self.label = version, acts, language_name(version.language)
        self.fields["due_on"].widget.attrs["dir"] = "ltr"

    def act(self, button: str, item: Publishable, author) -> bool:
        """Do what the button says; where that can't be, say why on the form and return False."""
        note, seen, languages = self.cleaned_data["remark"], self.cleaned_data["seen"], [self.version.language]
        try:
            if button == SUBMIT:
                working_copies.submit(item, languages, author, note)
            elif button == APPROVE:
                working_copies.approve(item, languages, author, note, seen)
            elif button == SEND_BACK:
                working_copies.send_back(item, languages, author, note, seen)
            else:
                versions.of(item).filter(language__in=languages).update(due_on=self.cleaned_data["due_on"])
        except ValidationError as error:
            self.add_error(None, error)
        return not self.errors


class ReviewMixin:
    """For a ModelAdmin of publishable content: ``<pk>/review/``."""

    def get_urls(self) -> list:
        name = f"{self.opts.app_label}_{self.opts.model_name}_review"
        return [path("<path:object_id>/review/", self.admin_site.admin_view(self.review_view), name=name), *super().get_urls()]

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.approve_{self.opts.model_name}")

    def review_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """How far each language is, and what this editor may do about it."""
        if not (self.has_view_permission(request) or self.has_approve_permission(request)):
            raise PermissionDenied
        item = self.get_object(request, unquote(object_id))
        if item is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        found = {version.language: version for version in versions.of(item).select_related("moved_by")}
        forms_ = [self._review_form(request, item, found[code]) for code in codes() if code in found]
        if request.method == "POST" and (response := self._review(request, item, forms_)):
            return response
        context = self.admin_site.each_context(request) | {
            "title": gettext("Review"),
            "subtitle": str(item),
            "opts": self.opts,
            "original": item,
            "forms": forms_,
            "media": self.media + ReviewForm.base_fields["due_on"].widget.media,
        }
        return TemplateResponse(request, "desk/review.html", context)

    def _review_form(self, request: HttpRequest, item: Publishable, version: LanguageVersion) -> ReviewForm:
        may_change, may_approve = self.has_change_permission(request, item), self.has_approve_permission(request)
        waits, is_public = version.stage == Stage.SUBMITTED, bool(version.publish_at)
        acts = {
            SUBMIT: may_change and version.stage in (Stage.WRITING, Stage.SENT_BACK),
            APPROVE: may_approve and waits,
            SEND_BACK: may_approve and waits,
            DUE: may_change and not is_public,
        }
        is_sent = request.method == "POST" and request.POST.get("language") == version.language
        return ReviewForm(version, {name for name, may in acts.items() if may}, request.POST if is_sent else None)

    @transaction.atomic
    def _review(self, request: HttpRequest, item: Publishable, forms_: list[ReviewForm]) -> HttpResponse | None:
        """The answer to a button; None where the page has to be shown again, with what is wrong."""
        button = next((name for name in SAID if name in request.POST), None)
        form = next((form for form in forms_ if form.is_bound), None)
        if form is None or button is None:
            raise PermissionDenied
        if button not in form.acts:
            self._require_any_right(request, button)
            form.full_clean()
            form.add_error(None, gettext("This can’t be done any more: the text is in another stage now."))
        if not form.is_valid() or not form.act(button, item, request.user):
            return None
        message = SAID[button] % {"language": form.label}
        self.log_change(request, item, message)
        messages.success(request, message)
        return HttpResponseRedirect(self._url("review", item.pk))

    def _require_any_right(self, request: HttpRequest, button: str) -> None:
        """Who may never do this is refused; who may, and comes too late, is told so."""
        may = self.has_approve_permission if button in (APPROVE, SEND_BACK) else self.has_change_permission
        if not may(request):
            raise PermissionDenied
