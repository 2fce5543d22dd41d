"""The content check on the form: what is to be looked at, one press to put it right, one to say that it is right as it is."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from conference_site.languages.content import codes, localized
from conference_site.languages.text import isolated
from conference_site.proofreading.models import Dismissal, OfficialName
from conference_site.proofreading.names import Names
from conference_site.proofreading.remarks import Place, Remark, remarks, token_of_all, with_all_fixes, with_fix
from conference_site.publishing import aggregate, working_copies
from conference_site.publishing.barriers import Barrier
from conference_site.publishing.models import Publishable, Revision

MOST_SHOWN = 50


@dataclass
class ContentCheck:
    """What the check says of an item's working copy."""

    item: Publishable
    data: dict
    names: Names
    dismissed: set[str]

    @classmethod
    def of(cls, item: Publishable) -> "ContentCheck":
        """One query, and those of a snapshot where nothing was saved yet."""
        of_item = {"content_type": ContentType.objects.get_for_model(item), "object_id": models.OuterRef("pk")}
        newest = Revision.objects.filter(**of_item).order_by("-pk").values("data")[:1]
        names = OfficialName.objects.values(json=JSONObject(name="name", replaces="replaces"))
        found = (
            type(item)
            ._base_manager.filter(pk=item.pk)
            .values(
                newest=models.Subquery(newest),
                names=ArraySubquery(names),
                dismissed=ArraySubquery(Dismissal.objects.filter(**of_item).values("digest")),
            )
            .get()
        )
        names = Names((row["name"], row["replaces"]) for row in found["names"])
        return cls(item, found["newest"] or aggregate.snapshot(item), names, set(found["dismissed"]))

    @cached_property
    def remarks(self) -> list[Remark]:
        return remarks(type(self.item), self.data, self.names, self.dismissed)

    @cached_property
    def by_place(self) -> list[tuple[Place, list[Remark]]]:
        """As many as somebody can look at, field by field."""
        shown = self.remarks[:MOST_SHOWN]
        return [(place, list(found)) for place, found in groupby(shown, key=lambda remark: remark.place)]

    @property
    def number_left_out(self) -> int:
        return max(0, len(self.remarks) - MOST_SHOWN)

    @property
    def number_certain(self) -> int:
        return sum(remark.is_certain for remark in self.remarks)

    @property
    def token_of_all(self) -> str:
        return token_of_all(self.remarks)

    @cached_property
    def barriers(self) -> list[Barrier]:
        """Of the languages in which there is a text. One query at most."""
        headline, fields = self.item.headline, self.data["fields"]
        there = [code for code in codes() if fields.get(localized(headline, code))]
        found = self.item.publication_barriers(self.data, there)
        return [barrier for code in there for barrier in found.get(code, ())]

    def remark(self, token: str) -> Remark | None:
        return next((remark for remark in self.remarks if remark.token == token), None)


class ProofreadingMixin:
    """For the admin of publishable content: a panel above the form, which advises and never refuses."""

    def get_urls(self) -> list:
        name = f"{self.opts.app_label}_{self.opts.model_name}_proofread"
        view = require_POST(self.admin_site.admin_view(self.proofread_view))
        return [path("<path:object_id>/proofread/", view, name=name), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict, **kwargs) -> HttpResponse:
        if (item := kwargs.get("obj")) and not context["is_popup"]:
            context["content_check"] = ContentCheck.of(item)
        return super().render_change_form(request, context, **kwargs)

    def proofread_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One press in the panel. What was pressed names the text that it was shown for: if that has changed, nothing is done."""
        item = self.get_object(request, unquote(object_id))
        if item is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_change_permission(request, item):
            raise PermissionDenied
        with transaction.atomic():
            working_copies.lock(item)
            done = self._press(request, item, ContentCheck.of(item))
        if done:
            messages.success(request, done)
        else:
            messages.warning(request, gettext("The text has changed since this was shown. Nothing was done; please look again."))
        return HttpResponseRedirect(self._url("change", item.pk))

    def _press(self, request: HttpRequest, item: Publishable, check: ContentCheck) -> str | None:
        """Do what was asked for, and say what it was; None where it isn't to be found any more."""
        if token := request.POST.get("fix"):
            remark = check.remark(token)
            return self._fix(request, item, check, remark) if remark and remark.is_certain else None
        if token := request.POST.get("fix_all"):
            return self._fix_all(request, item, check) if check.number_certain and token == check.token_of_all else None
        remark = check.remark(request.POST.get("dismiss", ""))
        return self._dismiss(request, item, remark) if remark else None

    def _fix(self, request: HttpRequest, item: Publishable, check: ContentCheck, remark: Remark) -> str:
        with_fix(type(item), check.data, remark)
        message = gettext("Corrected in “%(field)s”: %(words)s") % {
            "field": remark.place.label,
            "words": isolated(remark.finding.excerpt[1].strip() or "␣"),
        }
        return self._keep_fixes(request, item, check, message)

    def _fix_all(self, request: HttpRequest, item: Publishable, check: ContentCheck) -> str:
        number = check.number_certain
        with_all_fixes(type(item), check.data, check.names, check.dismissed)
        message = ngettext("%(count)s place was corrected.", "%(count)s places were corrected.", number) % {"count": number}
        return self._keep_fixes(request, item, check, message)

    @transaction.atomic
    def _keep_fixes(self, request: HttpRequest, item: Publishable, check: ContentCheck, message: str) -> str:
        working_copies.save(item, check.data, request.user)
        self.log_change(request, item, message)
        return message + " " + gettext("The draft is saved; what the public sees has not changed.")

    def _dismiss(self, request: HttpRequest, item: Publishable, remark: Remark) -> str:
        Dismissal.objects.get_or_create(
            content_type=ContentType.objects.get_for_model(item),
            object_id=item.pk,
            digest=remark.digest,
            defaults={"author": request.user},
        )
        return gettext("This will not be shown again for this text.")
