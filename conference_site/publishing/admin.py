"""Accounts on the desk: nobody but a superuser sees superusers, makes them, or gives rights one by one."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import ManyToManyField, QuerySet
from django.forms import CheckboxSelectMultiple, ModelMultipleChoiceField
from django.http import HttpRequest

ONLY_SUPERUSERS = ("is_superuser", "user_permissions")
WRITTEN_BY_THE_SITE = ("last_login", "date_joined")


class AccountAdmin(UserAdmin):
    filter_horizontal = ("user_permissions",)

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


admin.site.unregister(User)
admin.site.register(User, AccountAdmin)
