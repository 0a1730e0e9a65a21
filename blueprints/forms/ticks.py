"""What staff write down of the patient's tasks."""

from collections.abc import Iterable
from datetime import date, timedelta

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, SelectMultipleField

from actions.ticks import MAX_TOLD_BY, MAX_WORDS, Said, Told
from blueprints.forms.fields import NumberSelect, line, options
from models.tick import TickReason
from rendering.my_week import reason

OFFERED = 14
"""So many days a form offers, today first."""


class TicksForm(FlaskForm):  # type: ignore[misc]
    """`days` are dates, `told_to` a member of the care team."""

    days = SelectMultipleField(_l("On which days"), coerce=date.fromisoformat)
    outcome = RadioField(_l("What was told"), default="done")
    reason = SelectField(_l("Why not"), description=_l("Only for what was not done. May stay empty."))
    words = line(_l("In other words"), MAX_WORDS, description=_l("May stay empty."))
    told_by = line(_l("Told by"), MAX_TOLD_BY, needed=True, description=_l("The patient, or who speaks for them."))
    told_to = NumberSelect(_l("Told to"))

    def offer(self, members: Iterable[tuple[int, str]], today: date) -> None:
        days = [today - timedelta(days=number) for number in range(OFFERED)]
        self.days.choices = options((day.isoformat(), format_date(day, "EEE d MMM")) for day in days)
        self.outcome.choices = options([("done", _("Done on these days")), ("not done", _("Not done on these days"))])
        self.reason.choices = options([("", _("Nothing said")), *((each.value, reason(each)) for each in TickReason)])
        self.told_to.choices = options(members)

    def said(self) -> list[Said]:
        is_done = self.outcome.data == "done"
        why = TickReason(self.reason.data) if self.reason.data else None
        return [Said(day, is_done, why, self.words.data or "") for day in sorted(self.days.data)]

    def told(self) -> Told:
        return Told(self.told_by.data, self.told_to.data)
