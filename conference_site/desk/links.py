"""The page of all links that stand in the content, and the press that checks one again."""

from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from conference_site.desk import work
from conference_site.links import checking
from conference_site.links.models import Address, State

PER_PAGE = 50
AGAIN_AFTER = 30
"""Seconds before the same address of another site is asked for again."""
NONE = "unknown"
"""In the query, for the state whose value is empty."""


class LinksForm(forms.Form):
    """Which links the page shows. What isn't one of the choices is as good as left out."""

    q = forms.CharField(label=_("Address"), required=False, max_length=200)
    place = forms.ChoiceField(
        label=_("Leads to"),
        required=False,
        choices=[("", _("Any")), ("internal", _("This site")), ("external", _("Other sites"))],
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Any")), *((value or NONE, label) for value, label in State.choices)]
    )
    kind = forms.TypedChoiceField(label=_("Stands in"), required=False, coerce=int)

    def __init__(self, user, data) -> None:
        super().__init__(data)
        names = [(pk, ContentType.objects.get_for_id(pk).model_class()._meta.verbose_name_plural) for pk in work.links_of(user)]
        kinds = sorted((str(capfirst(name)), pk) for pk, name in names)
        self.fields["kind"].choices = [("", _("Any")), *((pk, name) for name, pk in kinds)]
        self.full_clean()

    def asked(self, user) -> models.QuerySet[Address]:
        """The links that are asked for, in items that this user may change."""
        wanted = self.cleaned_data
        kinds = {wanted["kind"]} if wanted.get("kind") else work.links_of(user)
        found = Address.objects.standing_in(kinds)
        if wanted.get("place"):
            found = found.filter(is_internal=wanted["place"] == "internal")
        if wanted.get("state"):
            found = found.filter(state="" if wanted["state"] == NONE else wanted["state"])
        if wanted.get("q"):
            found = found.filter(url__icontains=wanted["q"])
        return found.worst_first().with_places(work.links_of(user))


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """All links in items that this user may change, the broken ones first."""
    form = LinksForm(request.user, request.GET)
    context = admin.site.each_context(request) | {
        "title": gettext("Links"),
        "form": form,
        "page": Paginator(form.asked(request.user), PER_PAGE).get_page(request.GET.get("page", "1")),
        "is_narrowed": any(form.cleaned_data.values()),
    }
    return TemplateResponse(request, "desk/links.html", context)


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Check one address now, and say what came of it."""
    address = get_object_or_404(Address, pk=pk)
    if not Address.objects.filter(pk=pk).standing_in(work.links_of(request.user)).exists():
        raise PermissionDenied
    age = (timezone.now() - address.checked_at).total_seconds() if address.checked_at else AGAIN_AFTER
    if not address.is_internal and age < AGAIN_AFTER:
        messages.warning(request, gettext("This address was checked a moment ago. Please wait half a minute."))
    elif not checking.check_now(address):
        messages.warning(request, gettext("Another address is being checked just now. Please try again in a moment."))
    else:
        level = messages.SUCCESS if address.state in (State.WORKS, State.REMARK) else messages.WARNING
        messages.add_message(request, level, " ".join(filter(None, [f"{State(address.state).label}.", address.why])))
    back = QueryDict(request.POST.get("back", "")[:500])
    return HttpResponseRedirect(f"{reverse('admin:links')}?{urlencode(list(back.items()))}".removesuffix("?"))
