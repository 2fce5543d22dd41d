"""A user's own settings, and their language: chosen on the page or by the switch, and taken up after signing in."""

from django.contrib import admin, messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from conference_site.accounts.forms import SettingsForm
from conference_site.accounts.models import Preferences
from conference_site.delivery.middleware import is_desk
from conference_site.languages.addresses import in_language
from conference_site.languages.content import codes


def own_settings(request: HttpRequest) -> HttpResponse:
    form = SettingsForm(request.user, request.POST or None)
    if form.is_valid():
        with translation.override(form.save().language):
            messages.success(request, gettext("Your settings are kept."))
            return HttpResponseRedirect(reverse("admin:settings"))
    context = admin.site.each_context(request) | {"title": gettext("My settings"), "form": form}
    return TemplateResponse(request, "desk/settings.html", context)


@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """The page of the desk that is asked for, in another language, which is remembered as the user's own."""
    language = request.POST.get("language")
    if language not in codes():
        raise BadRequest
    if request.user.is_authenticated:
        Preferences.objects.remember(request.user, language)
    return HttpResponseRedirect(in_language(desk_address(request.POST.get("next", "")), language))


def desk_address(address: str) -> str:
    """``address``, if it is one of the desk's, else that of its first page."""
    own = url_has_allowed_host_and_scheme(address, allowed_hosts=None) and is_desk(address)
    return address if own else reverse("admin:index")


def in_own_language(user, address: str) -> str:
    """An address of the desk in the user's language; any other as it is."""
    language = Preferences.objects.language_of(user)
    return in_language(address, language) if language and is_desk(address) else address
