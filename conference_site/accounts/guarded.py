"""What is great is asked for again: whoever hasn't shown a password or a factor for some minutes does so first."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib import admin
from django.http import HttpRequest, HttpResponse


def ask_again(request: HttpRequest) -> None:
    """Raises what allauth's middleware answers with a question; what was sent is kept meanwhile, and done after it."""
    raise_if_reauthentication_required(request, app="")


class GuardedMixin(admin.ModelAdmin):
    """For a ModelAdmin of what gives rights: whoever changes anything there is asked again. Who may not, is refused as ever."""

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
