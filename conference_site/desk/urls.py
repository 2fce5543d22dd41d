"""The desk's own addresses beside those of Django's admin."""

from django.conf import settings
from django.contrib.auth import views
from django.urls import path
from django.utils.translation import gettext_lazy as _

from conference_site.accounts.forms import PasswordResetForm
from conference_site.desk.site import Desk

FRAME = {"site_header": Desk.site_header, "site_title": Desk.site_title, "site_url": None}
SENT = FRAME | {"title": _("Next step")}
"""Whether a mail was sent isn't said: nobody learns here who has an account."""
MAIL = {
    "form_class": PasswordResetForm,
    "email_template_name": "registration/password_reset_email.txt",
    "subject_template_name": "registration/password_reset_subject.txt",
    "extra_email_context": {"site_url": settings.SITE_URL},
}

urlpatterns = [
    path("password_reset/", views.PasswordResetView.as_view(extra_context=FRAME, **MAIL), name="admin_password_reset"),
    path("password_reset/done/", views.PasswordResetDoneView.as_view(extra_context=SENT), name="password_reset_done"),
    path("reset/<uidb64>/<token>/", views.PasswordResetConfirmView.as_view(extra_context=FRAME), name="password_reset_confirm"),
    path("reset/done/", views.PasswordResetCompleteView.as_view(extra_context=FRAME), name="password_reset_complete"),
]
