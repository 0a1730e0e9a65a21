"""What staff write down of a patient's question."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField

from blueprints.forms.fields import DayField, NumberSelect, line, options, paragraph, required
from models.publication import AnswerWay

YES, NO = "yes", "no"
WAYS = [
    (AnswerWay.PHONE.value, _l("By phone")),
    (AnswerWay.IN_PERSON.value, _l("In the room")),
    (AnswerWay.PAPER.value, _l("On paper")),
]
RISK = [(YES, _l("Yes: raise an alert now")), (NO, _l("No"))]


class QuestionForm(FlaskForm):  # type: ignore[misc]
    """`told_to` is a member of the care team. Nothing of `risk` is chosen beforehand."""

    text = paragraph(_l("The question, as it was said"))
    risk = RadioField(_l("Is it about self-harm, or an emergency?"), choices=options(RISK), validate_choice=False)
    way = RadioField(_l("How was it told?"), choices=options(WAYS), default=AnswerWay.PHONE.value)
    told_by = line(_l("Told by"), 80, needed=True, description=_l("The patient, or who speaks for them."))
    told_to = NumberSelect(_l("Told to"))
    told_on = DayField(_l("On"), [required()])

    def validate(self, extra_validators: Any = None) -> bool:
        fits = bool(super().validate(extra_validators))
        if self.risk.data not in (YES, NO):
            self.risk.errors = [gettext("Choose yes or no. If you are not sure, choose yes.")]
            fits = False
        if self.risk.data == NO and not self.text.data:
            self.text.errors = [gettext("Please fill this in.")]
            fits = False
        return fits
