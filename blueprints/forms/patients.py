"""Forms about a patient."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectMultipleField, StringField, ValidationError
from wtforms.widgets import HiddenInput

from blueprints.clinic_time import today
from blueprints.forms.fields import DayField, NumberSelect, line, paragraph, required


class IdentityForm(FlaskForm):  # type: ignore[misc]
    name = line(_l("Name"), needed=True, description=_l("As in the clinic's records."))
    birth_date = DayField(_l("Birth date"), [required()], description=_l("Like 12 Mar 1980 or 12.3.1980."))
    number = line(_l("ID"), 40, needed=True, description=_l("The clinic's own number for this patient."))
    pronouns = line(_l("Pronouns"), 40, description=_l("Like she/her. May stay empty."))

    def validate_birth_date(self, field: DayField) -> None:
        if field.data is not None and not 0 <= today().year - field.data.year <= 130:
            raise ValidationError(gettext("Check the year."))
        if field.data is not None and field.data > today():
            raise ValidationError(gettext("This day is still to come."))


class NewPatientForm(IdentityForm):
    """`team` is a team's id, or 0 for none. `same_name_seen` is the name whose warning was read."""

    team = NumberSelect(_l("Team"), description=_l("Its present members become the care team."))
    same_name_seen = StringField()


class AboutForm(FlaskForm):  # type: ignore[misc]
    """`based_on` is the id of the contact that was shown, 0 when there was none."""

    based_on = IntegerField(widget=HiddenInput(), default=0)
    preferred_name = line(_l("Preferred name"), 80, description=_l("How the patient wants to be called."))
    phone = line(_l("Phone"), 60)
    language = line(_l("Language"), 60)
    interpreter = line(_l("Interpreter"), 120, description=_l("Needed or not, and for which language."))
    communication_needs = paragraph(
        _l("Communication needs"), description=_l("Hearing, sight, reading, or anything that helps.")
    )
    gp = paragraph(_l("GP"), 500, description=_l("Name, practice, phone."))
    emergency_contact = paragraph(_l("Emergency contact"), 500, description=_l("Name, relation, phone."))


class StatementForm(FlaskForm):  # type: ignore[misc]
    """`told_to` is a member of the care team."""

    text = paragraph(_l("In the patient's own words"), needed=True)
    told_by = line(_l("Told by"), 80, needed=True, description=_l("The patient, or who speaks for them."))
    told_to = NumberSelect(_l("Told to"))
    told_on = DayField(_l("On"), [required()])


class MemberForm(FlaskForm):  # type: ignore[misc]
    user = NumberSelect(_l("Person"))


class InvolvedForm(FlaskForm):  # type: ignore[misc]
    disciplines = SelectMultipleField(_l("Involved disciplines"), coerce=int, choices=[])
