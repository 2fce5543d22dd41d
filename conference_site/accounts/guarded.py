"""What is great is asked for again: whoever hasn't shown a password or a factor for some minutes does so first."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import models
from django.http import HttpRequest, HttpResponse

from conference_site.accounts import rights


def ask_again(request: HttpRequest) -> None:
    """Raises what allauth's middleware answers with a question; what was sent is kept meanwhile, and done after it."""
    if request.method == "POST":
        request.META["QUERY_STRING"] = ""  # allauth finds what was sent by its path alone; a list's filters are lost
    raise_if_reauthentication_required(request, app="")


class GuardedMixin(admin.ModelAdmin):
    """For a ModelAdmin of what gives rights: nobody changes what may do more than they, and all are asked again."""

    def rights_of(self, obj: models.Model) -> models.QuerySet[Permission]:
        """What an item may do, or lets others do."""
        raise NotImplementedError

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._is_above(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._is_above(request, obj)

    def _is_above(self, request: HttpRequest, obj: models.Model | None) -> bool:
        return obj is None or rights.has_all(request.user, self.rights_of(obj))

    def changeform_view(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self._ask_again(request)
        return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self._ask_again(request)
        return super().delete_view(request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method == "POST":
            self._ask_again(request)
        return super().changelist_view(request, *args, **kwargs)

    def _ask_again(self, request: HttpRequest) -> None:
        if self.has_change_permission(request) or self.has_add_permission(request) or self.has_delete_permission(request):
            ask_again(request)
