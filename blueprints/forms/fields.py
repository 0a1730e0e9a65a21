"""Fields that several forms share."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import TextInput

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def required() -> InputRequired:
    return InputRequired(_l("Please fill this in."))


def line(label: Any, length: int = 120, *, needed: bool = False, **kwargs: Any) -> StringField:
    """One line of text, trimmed."""
    limits = [Length(max=length, message=_l("At most %(max)d characters."))]
    return StringField(label, [required(), *limits] if needed else limits, filters=[_trim], **kwargs)


def paragraph(label: Any, length: int = 2000, *, needed: bool = False, **kwargs: Any) -> TextAreaField:
    """Some lines of text."""
    limits = [Length(max=length, message=_l("At most %(max)d characters."))]
    return TextAreaField(label, [required(), *limits] if needed else limits, filters=[_lines], **kwargs)


def _trim(value: str | None) -> str:
    return " ".join((value or "").replace("\0", "").split())


def _lines(value: str | None) -> str:
    return (value or "").replace("\0", "").replace("\r\n", "\n").strip()


def options(pairs: Iterable[tuple[Any, Any]], none: Any = None) -> list[SelectChoice]:
    """What a select offers: value and label of each; `none` labels the value 0, which stands for nobody."""
    first = [SelectChoice("0", str(none))] if none is not None else []
    return first + [SelectChoice(str(value), label) for value, label in pairs]


def parse_day(words: str) -> date:
    """A day as people write it: 1980-03-12, 12.03.1980, 12/3/1980 (day first), 12 Mar 1980. Raises ValueError."""
    words = words.strip()
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})", words):
        return date(int(found[3]), int(found[2]), int(found[1]))
    if found := re.fullmatch(r"(\d{1,2})\.? ([A-Za-z]{3})[a-z]*\.?,? (\d{4})", words):
        return date(int(found[3]), MONTHS.index(found[2].lower()) + 1, int(found[1]))
    raise ValueError(words)


class NumberSelect(SelectField):  # type: ignore[misc]
    """A select of ids. Choices are set by the view."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, coerce=int, choices=[], **kwargs)


class DayField(DateField):  # type: ignore[misc]
    """A day typed in one line, in any usual way; shown as 12 Mar 1980."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            self.data = parse_day(valuelist[0])
        except ValueError:
            self.data = None
            raise ValidationError(gettext("Write the day like 12 Mar 1980 or 12.3.1980.")) from None

    @property
    def day(self) -> date:
        """The day of a field that validated."""
        assert self.data is not None
        return self.data

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        return f"{self.data.day} {MONTHS[self.data.month - 1].capitalize()} {self.data.year}"
