"""Forms about oneself, accounts and teams."""

import re

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField, SelectMultipleField, StringField
from wtforms.validators import Length, Regexp

from actions.accounts import EMAIL as EMAIL_PATTERN
from blueprints.forms.fields import NumberSelect, line, options, required
from models.user import Role

EMAIL = Regexp(
    rf"^\s*{EMAIL_PATTERN.pattern}\s*$", re.ASCII, message=_l("Write an email address like dana@clinic.example.")
)

ROLES = [
    (Role.CLINICIAN.value, _l("Clinician: writes plans as a discipline")),
    (Role.COORDINATOR.value, _l("Coordinator: arranges care teams and conferences")),
    (Role.ADMIN.value, _l("Administrator: accounts and teams, no clinical content")),
]


class SignInForm(FlaskForm):  # type: ignore[misc]
    """`email` may be a patient's sign-in name as well."""

    email = StringField(_l("Email or sign-in name"), [required(), Length(max=254)])
    password = PasswordField(_l("Password"), [required(), Length(max=1000)])
    trusted = BooleanField(_l("Keep me signed in on this device for 30 days"))


class ForgottenForm(FlaskForm):  # type: ignore[misc]
    email = EmailField(_l("Email"), [required(), Length(max=254), EMAIL])


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    password = PasswordField(
        _l("New password"),
        [required()],
        description=_l("12 characters or more. A short sentence is easy to remember and hard to guess."),
    )


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(_l("Present password"), [required()])


class AccountForm(FlaskForm):  # type: ignore[misc]
    """`discipline` is a discipline's id, or 0 for none; choices are given by the view."""

    name = line(_l("Name"), needed=True)
    email = EmailField(_l("Email"), [required(), Length(max=254), EMAIL])
    roles = SelectMultipleField(_l("What this person is"), [required()], choices=options(ROLES))
    discipline = NumberSelect(_l("Discipline"), description=_l("Needed for clinicians."))


class NewAccountForm(AccountForm):
    team = NumberSelect(_l("Team"))


class TeamForm(FlaskForm):  # type: ignore[misc]
    name = line(_l("Name of the team"), 80, needed=True)


class TeamMemberForm(FlaskForm):  # type: ignore[misc]
    user = NumberSelect(_l("Person"))
    lead = BooleanField(_l("Leads the team"))
