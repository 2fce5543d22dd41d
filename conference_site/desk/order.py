"""Order by dragging, or with the arrows. It is live as soon as the list is saved."""

from admin_ordering.admin import OrderableAdmin
from django import forms
from django.contrib import messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest, ValidationError
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext

from conference_site.desk.content import ContentAdmin
from conference_site.publishing.models import Ordered


class OrderForm(forms.ModelForm):
    """One row of a list, in which only the order is at stake: what else the item lacks is for its own form to say."""

    def add_error(self, field: str | None, error: ValidationError) -> None:
        if field is None and hasattr(error, "error_dict"):
            error = ValidationError({name: said for name, said in error.error_dict.items() if name in self.fields})
        super().add_error(field, error)


class OrderMixin(OrderableAdmin):
    """For the ModelAdmin of an `Ordered`, before its base."""

    ordering_field = "order"
    ordering_field_hide_input = True
    ordering_field_up_down_arrows = True
    list_display = ["__str__", "order"]
    list_editable = ["order"]
    sortable_by = ()
    list_per_page = 500  # rows are numbered by their place on the page, so the whole list stands on one

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Django takes the row of an item that somebody has just deleted for an attempt to add one."""
        try:
            return super().changelist_view(request, extra_context)
        except BadRequest:
            said = gettext("Somebody has changed this list meanwhile. Nothing was saved; this is how it stands now.")
            messages.error(request, said)
            return HttpResponseRedirect(request.get_full_path())

    def get_changelist_form(self, request: HttpRequest, **kwargs) -> type[forms.ModelForm]:
        return super().get_changelist_form(request, **{"form": OrderForm} | kwargs)

    @property
    def media(self) -> forms.Media:
        """The library's arrows are links to nowhere; the script makes buttons of them, for keyboards and screen readers."""
        words = {"data-up": gettext("Move up"), "data-down": gettext("Move down")}
        return super().media + forms.Media(js=[Script("desk/order.js", id="desk-order", defer=True, **words)])

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """A list that shows a part of the items (searched, filtered) can't be put in order."""
        changelist = super().get_changelist_instance(request)
        if changelist.params or changelist.query:
            changelist.list_editable = ()
        return changelist


class OrderedAdmin(OrderMixin, ContentAdmin):
    """The base of all content that editors put in order."""

    def save_model(self, request: HttpRequest, obj: Ordered, form: forms.ModelForm, change: bool) -> None:
        """From the list only the order is written: what somebody publishes at the same moment stays."""
        if hasattr(request, "saved"):
            super().save_model(request, obj, form, change)
        else:
            obj.save(update_fields=["order"])
