"""Inputs for files, which are looked at by their content."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib.admin.widgets import AdminFileWidget
from django.core.files.base import File
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conference_site.languages.text import isolated
from conference_site.media import documents, pictures


@dataclass
class KeptFile:
    """A file that is there already, as its input shows it: its own name says nothing to an editor."""

    url: str

    def __str__(self) -> str:
        return gettext("show the file")


class FileInput(AdminFileWidget):
    use_fieldset = False  # there is but one input here, with a label of its own

    def get_context(self, name: str, value, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        if context["widget"]["is_initial"]:
            context["widget"]["value"] = KeptFile(value.url)
        return context


class ChosenAgainMixin:
    """For a form with files: where it comes back for something else, it says that the files have to be chosen again."""

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self._errors:
            for name in self.fields.keys() - self._errors.keys():
                if self.add_prefix(name) in self.files:
                    self.add_error(name, _("This has to be chosen again: browsers do not keep files."))


class FileForm(ChosenAgainMixin, forms.ModelForm):
    pass


class CheckedFileField(forms.FileField):
    """A file that the site can keep. ``check`` refuses others, in words."""

    widget = FileInput
    check: Callable[[File], None]
    accepted: list[str]

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if data and file:
            type(self).check(file)
        return file

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"accept": ",".join(self.accepted)}


class PictureField(CheckedFileField):
    """Django's own field for pictures hands the file to every decoder that Pillow has, before anybody could look at its size."""

    check = pictures.validate
    accepted = pictures.ACCEPTED


class DocumentField(CheckedFileField):
    check = documents.validate
    accepted = documents.ACCEPTED


class SeveralPicturesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    use_fieldset = False


class SeveralPicturesField(PictureField):
    """As many pictures as one form can carry. What is wrong with one is said with its name."""

    widget = SeveralPicturesInput

    def clean(self, data, initial=None) -> list[File]:
        files = [file for file in data or [] if file]
        if not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        errors, checked = [], []
        for file in files:
            try:
                checked.append(super().clean(file))
            except forms.ValidationError as error:
                errors += [f"{isolated(file.name)}: {message}" for message in error.messages]
        if errors:
            raise forms.ValidationError(errors)
        return checked
