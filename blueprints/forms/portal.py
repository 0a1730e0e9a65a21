"""Forms about the patient's way in, and those that patients fill in themselves."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField, RadioField, StringField
from wtforms.validators import Length

from blueprints.forms.fields import DayField, NumberSelect, line, options, required
from blueprints.forms.people import EMAIL, NewPasswordForm
from models.portal import ConsentKind, PortalRelation

RELATIONS = [
    (PortalRelation.SELF.value, _l("The patient")),
    (PortalRelation.GUARDIAN.value, _l("A guardian: reads and answers for the patient")),
    (PortalRelation.CARER.value, _l("Another carer: reads only")),
]
CONSENTS = {
    ConsentKind.TEAM: _l("The disciplines write one plan together"),
    ConsentKind.PORTAL: _l("Reads and answers the plan online"),
    ConsentKind.MAIL: _l("May be written to by mail"),
    ConsentKind.GP: _l("The GP is told about the plan"),
    ConsentKind.RELATIVES: _l("The team may talk with relatives or carers"),
}
GIVEN, WITHDRAWN = "given", "withdrawn"
BY_CODE, BY_MAIL = "code", "mail"
WAYS = [
    (BY_CODE, _l("By a code that you read out now; it works for one hour")),
    (BY_MAIL, _l("By mail with a link that works for a week")),
]
STATES = [(GIVEN, _l("Given")), (WITHDRAWN, _l("Withdrawn or refused"))]


def trusted_field() -> BooleanField:
    return BooleanField(
        _l("Keep me signed in on this device for 30 days"), description=_l("Not on a device that others use.")
    )


class InviteForm(FlaskForm):  # type: ignore[misc]
    """`name` is needed for all but the patient, `email` to invite by mail."""

    relation = RadioField(_l("Who is it?"), [required()], choices=options(RELATIONS), default=PortalRelation.SELF.value)
    name = line(_l("Name"), description=_l("Of the guardian or carer. Leave empty for the patient."))
    words = line(_l("Who that is"), 80, description=_l("Like “her mother”. May stay empty for a guardian."))
    way = RadioField(
        _l("How do they come in?"),
        [required()],
        choices=options(WAYS),
        default=BY_CODE,
    )
    email = EmailField(_l("Email"), [Length(max=254)], description=_l("Only for a mail. It names no patient."))

    def validate(self, extra_validators: Any = None) -> bool:
        fits = bool(super().validate(extra_validators))
        if self.relation.data != PortalRelation.SELF and not self.name.data:
            self.name.errors = [gettext("Write the name of the guardian or carer.")]
            fits = False
        if self.relation.data == PortalRelation.CARER and not self.words.data:
            self.words.errors = [gettext("Say who it is, like “his daughter”.")]
            fits = False
        if self.way.data == BY_MAIL and not EMAIL.regex.match(self.email.data or ""):
            self.email.errors = [gettext("Write an email address like maria@home.example.")]
            fits = False
        return fits


class ConsentForm(FlaskForm):  # type: ignore[misc]
    """`told_to` is a member of the care team."""

    kind = RadioField(
        _l("What about?"), [required()], choices=options((key.value, label) for key, label in CONSENTS.items())
    )
    state = RadioField(_l("What was said?"), [required()], choices=options(STATES))
    by = line(_l("By"), 80, needed=True, description=_l("The patient, or who speaks for them."))
    words = line(_l("In their words"), 300, description=_l("Limits or reasons, if any were named."))
    told_to = NumberSelect(_l("Told to"))
    told_on = DayField(_l("On"), [required()])


class DeskCodeForm(FlaskForm):  # type: ignore[misc]
    code = StringField(
        _l("Your code"), [required(), Length(max=40)], description=_l("Eight letters that the clinic gave you.")
    )
    born = DayField(
        _l("Birth date of the patient"), [required()], description=_l("Like 12.3.1980: the day, the month, the year.")
    )


class DeskAccountForm(NewPasswordForm):
    """`name` is an email or a name that one can sign in with."""

    name = StringField(
        _l("Name or email to sign in with"),
        [required(), Length(max=254)],
        description=_l("Keep this name, or write your email: then you can get a new password by mail."),
    )
    trusted = trusted_field()


class DeskPasswordForm(NewPasswordForm):
    trusted = trusted_field()


class DeskExistingForm(FlaskForm):  # type: ignore[misc]
    email = StringField(_l("Email or sign-in name"), [required(), Length(max=254)])
    password = PasswordField(_l("Password"), [required(), Length(max=1000)])
    trusted = trusted_field()


class PatientWelcomeForm(NewPasswordForm):
    """The first password of a patient's account, or of one who reads for a patient."""

    born = DayField(
        _l("Birth date of the patient"),
        [required()],
        description=_l("So that nobody else can use this link. Like 12.3.1980: the day, the month, the year."),
    )
    trusted = trusted_field()
