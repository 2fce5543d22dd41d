"""The forms of an account: a user's own settings, an administrator's form of it, and the way to a new password."""

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AdminPasswordChangeForm, SetUnusablePasswordMixin, UserChangeForm
from django.contrib.auth.forms import PasswordResetForm as DjangosPasswordResetForm
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import translation
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from conference_site.accounts.models import Kind, Preferences
from conference_site.languages.content import current
from conference_site.languages.text import normalise


class Name(forms.CharField):
    """Part of a person's name, in whatever script."""

    def __init__(self, name: str, **kwargs) -> None:
        field = User._meta.get_field(name)
        widget = forms.TextInput({"dir": "auto", "class": "vTextField"})
        super().__init__(label=capfirst(field.verbose_name), max_length=field.max_length, required=False, widget=widget, **kwargs)

    def to_python(self, value: object) -> str:
        return normalise(super().to_python(value))


class SettingsForm(forms.ModelForm):
    """What a user may change of their own account. The address is left to administrators: a new password is sent there."""

    first_name = Name("first_name")
    last_name = Name("last_name")
    language = forms.ChoiceField(label=_("Language"), widget=forms.RadioSelect)

    class Meta:
        model = Preferences
        fields = ["first_name", "last_name", "language", *Kind.values]

    def __init__(self, user: User, data=None) -> None:
        own = Preferences.objects.filter(user=user).first() or Preferences(user=user, language=current())
        super().__init__(data, instance=own, initial={name: getattr(user, name) for name in ("first_name", "last_name")})
        self.fields["language"].choices = settings.LANGUAGES
        if not any(".approve_" in permission for permission in user.get_all_permissions()):
            del self.fields[Kind.SUBMITTED]

    @property
    def kinds(self) -> list[forms.BoundField]:
        return [self[kind] for kind in Kind if kind in self.fields]

    @transaction.atomic
    def save(self) -> Preferences:
        names = {name: self.cleaned_data[name] for name in ("first_name", "last_name")}
        User.objects.filter(pk=self.instance.pk).update(**names)
        return super().save()


class AccountForm(UserChangeForm):
    """The form of an account, with its language."""

    language = forms.ChoiceField(label=_("Language"), required=False, help_text=_("Of the desk after signing in, and of mail."))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            chosen = Preferences.objects.language_of(self.instance) if self.instance.pk else None
            unchosen = [] if chosen else [("", _("Not chosen yet"))]
            self.fields["language"].choices = [*unchosen, *settings.LANGUAGES]
            self.initial["language"] = chosen


class PasswordForm(AdminPasswordChangeForm):
    """An administrator's form of somebody's password.

    Django's own has a help text that is put together before it is known in which language.
    """

    usable_password_help_text = format_lazy(
        '{}<ul id="id_unusable_warning" class="messagelist"><li class="warning">{}</li></ul>',
        SetUnusablePasswordMixin.usable_password_help_text,
        _("If disabled, the current password for this user will be lost."),
    )


class PasswordResetForm(DjangosPasswordResetForm):
    """Writes in the user's own language, if they have chosen one; else in that of the page."""

    def send_mail(self, subject_template_name: str, email_template_name: str, context: dict, *args, **kwargs) -> None:
        with translation.override(Preferences.objects.language_of(context["user"]) or current()):
            super().send_mail(subject_template_name, email_template_name, context, *args, **kwargs)
