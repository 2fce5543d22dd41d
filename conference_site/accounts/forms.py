"""The forms of an account: a user's own settings, and an administrator's form of it."""

from allauth.account.forms import ResetPasswordForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.forms import AddWebAuthnForm, LoginWebAuthnForm
from django import forms
from django.conf import settings
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conference_site.accounts.models import OF_WORK, Kind, Preferences
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
        fields = ["first_name", "last_name", "language", *OF_WORK]

    def __init__(self, user: User, data=None) -> None:
        own = Preferences.objects.filter(user=user).first() or Preferences(user=user, language=current())
        super().__init__(data, instance=own, initial={name: getattr(user, name) for name in ("first_name", "last_name")})
        self.fields["language"].choices = settings.LANGUAGES
        if not any(".approve_" in permission for permission in user.get_all_permissions()):
            del self.fields[Kind.SUBMITTED]

    @property
    def kinds(self) -> list[forms.BoundField]:
        return [self[kind] for kind in OF_WORK if kind in self.fields]

    @transaction.atomic
    def save(self) -> Preferences:
        names = {name: self.cleaned_data[name] for name in ("first_name", "last_name")}
        User.objects.filter(pk=self.instance.pk).update(**names)
        return super().save()


class AccountForm(UserChangeForm):
    """The form of an account, with its language. Nobody sets somebody else's password: a link is sent."""

    password = None
    language = forms.ChoiceField(label=_("Language"), required=False, help_text=_("Of the desk after signing in, and of mail."))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            chosen = Preferences.objects.language_of(self.instance) if self.instance.pk else None
            unchosen = [] if chosen else [("", _("Not chosen yet"))]
            self.fields["language"].choices = [*unchosen, *settings.LANGUAGES]
            self.initial["language"] = chosen


class InvitationForm(AccountForm):
    """The form of a new account: somebody of the staff, without a password until they choose one."""

    def clean(self) -> dict:
        self.instance.is_staff = True
        self.instance.set_unusable_password()
        return super().clean()


class NewPasswordForm(ResetPasswordForm):
    """allauth looks for small letters, as it keeps addresses itself; here administrators keep them, as they type them."""

    def clean_email(self) -> str:
        email = super().clean_email()
        same = User.objects.filter(is_active=True, email__iexact=email)
        self.users = [user for user in same if user.email.lower() == email]  # the database finds ı for i, too
        return email


class AppForm(ActivateTOTPForm):
    """An app for codes. The code that is typed to make it is used up by that: each works once."""

    def clean_code(self) -> str:
        code = super().clean_code()
        if not TOTP(Authenticator(user=self.user))._mark_code_used(code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class KeyForm(AddWebAuthnForm):
    """A passkey or a security key, in words that say what the box does."""

    passwordless = forms.BooleanField(
        label=_("It also takes the place of the password"),
        required=False,
        help_text=_("Then the device asks for a finger, the face or a PIN, and nothing is typed when signing in."),
    )


class KeySignInForm(LoginWebAuthnForm):
    """What a passkey says. Anybody can send anything here, which is wrong then, and no fault of the site's."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except (AttributeError, KeyError) as error:
            raise get_adapter().validation_error("incorrect_code") from error
