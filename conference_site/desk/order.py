"""Order by dragging, or with the arrows. It is live as soon as the list is saved."""

from admin_ordering.admin import OrderableAdmin
from django import forms
from django.contrib.admin.views.main import ChangeList
from django.forms.widgets import Script
from django.http import HttpRequest
from django.utils.translation import gettext

from conference_site.desk.content import ContentAdmin
from conference_site.publishing.models import Ordered


class OrderedAdmin(OrderableAdmin, ContentAdmin):
    """The base of every model that editors put in order."""

    ordering_field = "order"
    ordering_field_hide_input = True
    ordering_field_up_down_arrows = True
    list_display = ["__str__", "order"]
    list_editable = ["order"]
    sortable_by = ()
    list_per_page = 500  # rows are numbered by their place on the page, so the whole list stands on one

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

    def save_model(self, request: HttpRequest, obj: Ordered, form: forms.ModelForm, change: bool) -> None:
        """From the list only the order is written: what somebody publishes at the same moment stays."""
        if hasattr(request, "saved"):
            super().save_model(request, obj, form, change)
        else:
            obj.save(update_fields=["order"])
