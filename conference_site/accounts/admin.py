"""Accounts on the desk: nobody but a superuser sees superusers, makes them, or gives rights one by one.

And the outbox, to be read.
"""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import ManyToManyField, QuerySet
from django.forms import CheckboxSelectMultiple, ModelForm, ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from conference_site.accounts.forms import AccountForm, PasswordForm
from conference_site.accounts.models import Notice, Preferences
from conference_site.desk.confirming import KnownDeletionMixin
from conference_site.languages.content import own_name
from conference_site.languages.templatetags.languages import code

ONLY_SUPERUSERS = ("is_superuser", "user_permissions")
WRITTEN_BY_THE_SITE = ("last_login", "date_joined")


class AccountAdmin(KnownDeletionMixin, UserAdmin):
    form = AccountForm
    change_password_form = PasswordForm
    filter_horizontal = ("user_permissions",)
    fieldsets = [
        (name, options | {"fields": (*options["fields"], "language")} if "email" in options["fields"] else options)
        for name, options in UserAdmin.fieldsets
    ]

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
        if language := form.cleaned_data.get("language"):
            Preferences.objects.remember(obj, language)

    def formfield_for_manytomany(self, db_field: ManyToManyField, request: HttpRequest, **kwargs) -> ModelMultipleChoiceField:
        """Roles are few: each is a box to mark."""
        if db_field.name == "groups":
            kwargs["widget"] = CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        accounts = super().get_queryset(request)
        return accounts if request.user.is_superuser else accounts.filter(is_superuser=False)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        fields = [*super().get_readonly_fields(request, obj), *WRITTEN_BY_THE_SITE]
        return fields if request.user.is_superuser else [*fields, *ONLY_SUPERUSERS]


class RoleAdmin(KnownDeletionMixin, GroupAdmin):
    pass


admin.site.unregister([User, Group])
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
