"""Accounts on the desk: nobody but a superuser sees superusers, makes them, or gives rights one by one.

And the outbox, to be read.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.db.models import ManyToManyField, QuerySet
from django.forms import CheckboxSelectMultiple, ModelForm, ModelMultipleChoiceField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from conference_site.accounts import outbox, rights, second_factor, sessions
from conference_site.accounts.forms import AccountForm, InvitationForm
from conference_site.accounts.guarded import GuardedMixin, ask_again
from conference_site.accounts.mail import password_link
from conference_site.accounts.models import Kind, Notice, Preferences
from conference_site.desk.confirming import KnownDeletionMixin
from conference_site.languages.content import own_name
from conference_site.languages.templatetags.languages import code

ONLY_SUPERUSERS = ("is_superuser", "user_permissions")
NOT_ONES_OWN = ("groups", "is_active", "is_staff")
"""What nobody changes of their own account."""
WRITTEN_BY_THE_SITE = ("last_login", "date_joined")


def _fields(fields: tuple[str, ...]) -> tuple[str, ...]:
    """Those of Django's form of an account without the password, and with the language after the address."""
    return tuple(name for name in fields if name != "password") + (("language",) if "email" in fields else ())


class AccountAdmin(GuardedMixin, KnownDeletionMixin, UserAdmin):
    form = AccountForm
    add_form = InvitationForm
    add_fieldsets = [(None, {"fields": ("username", "email", "first_name", "last_name", "groups", "language")})]
    filter_horizontal = ("user_permissions",)
    fieldsets = [(name, options | {"fields": _fields(options["fields"])}) for name, options in UserAdmin.fieldsets]
    change_form_template = add_form_template = "desk/account.html"

    def get_urls(self) -> list[URLPattern]:
        """Nobody sets somebody else's password: a link is sent, or handed over."""
        inherited = [url for url in super().get_urls() if url.name != "auth_user_password_change"]
        own = [
            path("<int:pk>/invite/", self.admin_site.admin_view(require_POST(self.invite)), name="auth_user_invite"),
            path(
                "<int:pk>/forget-second-factor/",
                self.admin_site.admin_view(require_POST(self.forget_second_factor)),
                name="auth_user_forget_second_factor",
            ),
        ]
        return [*own, *inherited]

    def _changed(self, request: HttpRequest, pk: int) -> User:
        """The account, if whoever asks may change it, and was just here."""
        user = self.get_object(request, str(pk))
        if user is None:
            raise Http404
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        ask_again(request)
        return user

    def invite(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a link for choosing a password. Who has never signed in, or has no address, can be handed it."""
        return self._invited(request, self._changed(request, pk))

    def _invited(self, request: HttpRequest, user: User) -> HttpResponse:
        if user.email:
            outbox.put_for(user, Kind.INVITED)
        may_be_seen = user.last_login is None and not user.is_superuser
        context = self.admin_site.each_context(request) | {
            "title": gettext("A link for choosing a password"),
            "opts": self.opts,
            "account": user,
            "link": password_link(user) if may_be_seen else "",
        }
        return TemplateResponse(request, "desk/invitation.html", context)

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        return self._invited(request, obj)

    def forget_second_factor(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = self._changed(request, pk)
        if second_factor.forget(user):
            messages.success(request, gettext("The second factor is removed. The next one is made when signing in."))
        return HttpResponseRedirect(reverse("admin:auth_user_change", args=[pk]))

    def render_change_form(self, request: HttpRequest, context: dict, *args, obj: User | None = None, **kwargs) -> HttpResponse:
        has_factor = obj is not None and Authenticator.objects.filter(user=obj).exists()
        return super().render_change_form(request, context | {"has_second_factor": has_factor}, *args, obj=obj, **kwargs)

    def get_deleted_objects(self, objs, request: HttpRequest) -> tuple:
        """Nobody deletes mail, but it goes with its recipient."""
        nested, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return nested, counts, lacking - {Notice._meta.verbose_name}, protected

    @admin.display(description=_("Language"))
    def language(self, user: User) -> str:
        """What is read where nothing may be changed."""
        return own_name(Preferences.objects.language_of(user)) if Preferences.objects.language_of(user) else "-"

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if (former := form.initial.get("email")) and "email" in form.changed_data:
            outbox.put_for(obj, Kind.ACCOUNT, what="address_changed", to=former)
        if not (obj.is_active and obj.is_staff):
            sessions.end_all(obj)  # which would go on if the account were opened again
        if language := form.cleaned_data.get("language"):
            Preferences.objects.remember(obj, language)

    def formfield_for_manytomany(self, db_field: ManyToManyField, request: HttpRequest, **kwargs) -> ModelMultipleChoiceField:
        """Roles are few: each that may be given is a box to mark."""
        if db_field.name == "groups":
            kwargs |= {"widget": CheckboxSelectMultiple(), "queryset": rights.roles_to_give(request.user)}
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "user_permissions":
            field.queryset = field.queryset.filter(pk__in=rights.known())
        return field

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        accounts = super().get_queryset(request)
        return accounts if request.user.is_superuser else accounts.filter(is_superuser=False)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        fields = [*super().get_readonly_fields(request, obj), *WRITTEN_BY_THE_SITE]
        if request.user.is_superuser:
            return fields
        return [*fields, *ONLY_SUPERUSERS, *(NOT_ONES_OWN if obj == request.user else ())]

    def rights_of(self, obj: User) -> QuerySet[Permission]:
        return rights.of_account(obj)


class RoleAdmin(GuardedMixin, KnownDeletionMixin, GroupAdmin):
    def rights_of(self, obj: Group) -> QuerySet[Permission]:
        return obj.permissions.all()

    def formfield_for_manytomany(self, db_field: ManyToManyField, request: HttpRequest, **kwargs) -> ModelMultipleChoiceField:
        """Nobody gives a right that they don't have."""
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        field.queryset = field.queryset.filter(pk__in=rights.known())
        if not request.user.is_superuser:
            field.queryset = field.queryset.filter(pk__in=rights.of_account(request.user))
        return field


admin.site.unregister([User, Group, EmailAddress, Authenticator, UserSession])  # allauth's: what is needed of them is said here
admin.site.register(User, AccountAdmin)
admin.site.register(Group, RoleAdmin)


class StateFilter(admin.SimpleListFilter):
    title = _("State")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return Notice.State.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice]:
        return queryset.in_state(self.value()) if self.value() else queryset


@admin.register(Notice)
class NoticeAdmin(admin.ModelAdmin):
    """To be read only: the outbox, for whoever looks for a mail that didn't come."""

    list_display = ["recipient", "kind", "created_at", "said_state", "tries", "said_error"]
    list_filter = [StateFilter, "kind"]
    list_select_related = ["recipient"]
    ordering = ["-created_at"]
    fields = ["recipient", "kind", "created_at", "said_state", "sent_at", "tries", "next_try_at", "said_error"]

    @admin.display(description=_("State"))
    def said_state(self, notice: Notice) -> str:
        return notice.state.label

    @admin.display(description=_("answer of the mail server"))
    def said_error(self, notice: Notice) -> SafeString | str:
        return code(notice.error) or "-"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        return False
