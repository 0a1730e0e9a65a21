"""What an administrator fills in about the clinic. The actions check it; here its faults get their words."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import NumberRange
from wtforms.widgets import HiddenInput, NumberInput

from actions.clinic_now import EMERGENCY_BLOCK, Clinic
from actions.unfit import Fault, Problem, Unfit
from blueprints.forms.fields import line


def _count(label: Any, most: int, message: Any, description: Any) -> IntegerField:
    return IntegerField(
        label, [NumberRange(1, most, message=message)], description=description, widget=NumberInput(min=1, max=most)
    )


class ClinicForm(FlaskForm):  # type: ignore[misc]
    """`based_on` is the id of the settings that were shown."""

    name = line(_l("Name of the clinic"), description=_l("Stands in mails, print-outs and the patients' pages."))
    timezone = line(
        _l("Time zone"),
        description=_l("All times are shown in it. Such as Europe/Vienna."),
        render_kw={"list": "zones"},
    )
    emergency_number = line(_l("Emergency number"), description=_l("What patients call for an ambulance, such as 112."))
    crisis_line = line(
        _l("Crisis line"), description=_l("For whoever thinks of harming themselves; answered day and night.")
    )
    team_phone = line(_l("Telephone of the team"), description=_l("As patients dial it, such as +43 1 234 56 78."))
    team_hours = line(_l("When the team answers it"), description=_l("Such as: Monday to Friday, 8 to 16."))
    escalation_minutes = _count(
        _l("An emergency goes further after (minutes)"),
        24 * 60,
        _l("Write a number of minutes, from 1 to 1440."),
        _l("If nobody has recorded what was done, it goes to the cover and the lead."),
    )
    escalation_working_days = _count(
        _l("Anything else that waits goes further after (working days)"),
        10,
        _l("Write a number of days, from 1 to 10."),
        _l("Saturday and Sunday do not count."),
    )
    based_on = IntegerField(widget=HiddenInput(), default=0)

    def wanted(self) -> Clinic:
        """Of a form that validated."""
        return Clinic(**{each.name: self[each.name].data for each in fields(Clinic)})


class GlossaryForm(FlaskForm):  # type: ignore[misc]
    term = line(
        _l("Word of the trade"), description=_l("As it might stand in a patient's text, such as: hydrotherapy.")
    )
    plain_words = line(_l("In plain words"), description=_l("What could stand there instead: exercises in warm water."))


def explain(form: ClinicForm | GlossaryForm, error: Unfit) -> None:
    """Put what is wrong beside its field."""
    for name, fault in error.faults.items():
        form[name].errors = [*form[name].errors, _words(name, fault)]


def _words(name: str, fault: Fault) -> str:
    if fault.problem is Problem.EMPTY and name in EMERGENCY_BLOCK:
        return str(_("Patients rely on this. Change it, but do not take it away."))
    said: dict[Problem, Callable[[], str]] = {
        Problem.EMPTY: lambda: _("Please fill this in."),
        Problem.TOO_LONG: lambda: _("At most %(max)s characters.", max=fault.about),
        Problem.UNKNOWN_NAME: lambda: _("There is no such time zone. Choose one like Europe/Vienna."),
        Problem.MALFORMED: lambda: _("This cannot be dialled. Write 3 to 15 digits, such as 112 or +43 1 234 56 78."),
        Problem.SAME: lambda: _("That is the same word. Write what a patient would say."),
    }
    return str(said[fault.problem]())
