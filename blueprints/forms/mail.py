"""How one wants mail."""

from datetime import time
from zoneinfo import available_timezones

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TimeField, ValidationError
from wtforms.widgets import TextInput

from actions.mail_times import Wishes
from blueprints.forms.fields import line


class ClockField(TimeField):  # type: ignore[misc]
    """A time of day as clocks show it, 07:00; also 7:00 and 7.00. A line of text: a browser's own field for times would
    throw away what it cannot read."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        words = valuelist[0].strip().replace(".", ":") if valuelist else ""
        hours, colon, minutes = words.partition(":")
        is_clock = bool(colon) and all(
            part.isascii() and part.isdigit() and len(part) <= 2 for part in (hours, minutes)
        )
        if not is_clock or int(hours) > 23 or int(minutes) > 59:
            self.data = None
            raise ValidationError(gettext("Write a time like 07:00."))
        self.data = time(int(hours), int(minutes))

    @property
    def chosen(self) -> time:
        """The time of a field that validated."""
        assert self.data is not None
        return self.data


class MailWishesForm(FlaskForm):  # type: ignore[misc]
    mails_at_once = BooleanField(_l("Mail me at once when somebody mentions me or gives me a task"))
    mails_digest = BooleanField(_l("Mail me the rest once a day"))
    digest_at = ClockField(_l("Time of the daily mail"))
    quiet_from = ClockField(_l("Quiet from"), description=_l("No mail at once in between; it comes afterwards."))
    quiet_until = ClockField(_l("Quiet until"), description=_l("The same time twice: no quiet hours."))
    timezone: StringField = line(
        _l("Time zone"), 60, needed=True, description=_l("Such as Europe/Vienna."), render_kw={"list": "zones"}
    )

    def validate_timezone(self, field: StringField) -> None:
        typed = field.data.casefold().replace(" ", "_")
        zone = next((each for each in available_timezones() if each.casefold() == typed), None)
        if zone is None:
            raise ValidationError(gettext("There is no such time zone. Choose one like Europe/Vienna."))
        field.data = zone

    def wishes(self) -> Wishes:
        """Of a form that validated."""
        return Wishes(
            self.timezone.data,
            self.mails_at_once.data,
            self.mails_digest.data,
            self.digest_at.chosen,
            self.quiet_from.chosen,
            self.quiet_until.chosen,
        )


def zones() -> list[str]:
    """What the field offers."""
    return sorted(
        each for each in available_timezones() if "/" in each and not each.startswith(("Etc/", "posix", "right"))
    )
