"""The admin's inputs for numbers, dates and addresses: digits of every script are accepted in them (17).

``formfield_overrides = inputs.EVERY_DIGIT`` in a ModelAdmin.
"""

from django.contrib.admin import widgets
from django.db import models

from conference_site.languages.fields import PartialDateField
from conference_site.languages.text import to_european_digits


class EveryDigit:
    """Mixed into a widget: what was typed reaches the field, and a form that comes back with an error, in European digits."""

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        if isinstance(value, list):  # a date and a time, in two inputs
            return [part and to_european_digits(part) for part in value]
        return value and to_european_digits(value)


class DateInput(EveryDigit, widgets.AdminDateWidget):
    pass


class TimeInput(EveryDigit, widgets.AdminTimeWidget):
    pass


class DateAndTimeInputs(EveryDigit, widgets.AdminSplitDateTime):
    pass


class CodeInput(EveryDigit, widgets.AdminTextInputWidget):
    pass


class NumberInput(EveryDigit, widgets.AdminIntegerFieldWidget):
    """Not of the type ``number``, in which browsers drop any digits but European ones."""

    input_type = "text"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__({"inputmode": "numeric"} | (attrs or {}))


class DecimalInput(NumberInput):
    """A decimal fraction, with the Arabic decimal separator or a point, and with either minus sign."""

    SIGNS = str.maketrans("٫−", ".-")

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__({"inputmode": "text"} | (attrs or {}))  # not "decimal", which has no minus on some telephones

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        return value and value.translate(self.SIGNS)


EVERY_DIGIT = {
    models.DateField: {"widget": DateInput},
    models.TimeField: {"widget": TimeInput},
    models.DateTimeField: {"widget": DateAndTimeInputs},
    models.IntegerField: {"widget": NumberInput},
    models.FloatField: {"widget": DecimalInput},
    models.SlugField: {"widget": CodeInput},
    PartialDateField: {"widget": CodeInput},
}
