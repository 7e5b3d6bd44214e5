"""Forms of the two: card, plan, meeting, evaluation, pause, end; and of the unit: hand over, lectures."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from lms.core.forms import DayField, Form, SelectChoice
from lms.core.i18n import lazy_gettext as _l
from lms.hours.kinds import Ability
from lms.mentoring.kinds import LENGTHS, Method, Progress
from lms.mentoring.meetings import Note
from lms.mentoring.models import CardGoal

LONGEST_DUTY = 1000


class MeetingForm(Form):
    held_on = DayField(_l("哪一天"), _l("请选择日期。"))
    minutes = RadioField(
        _l("大约多长时间"),
        [InputRequired(_l("请选择大约多长时间。"))],
        choices=[SelectChoice(str(minutes), label) for minutes, label in LENGTHS.items()],
        default="60",
    )
    method = RadioField(
        _l("怎么见的"),
        [InputRequired(_l("请选择一种方式。"))],
        choices=[SelectChoice(method.value, method.label) for method in Method],
        default=Method.CASE_TALK.value,
    )
    about = TextAreaField(
        _l("谈了什么"),
        [DataRequired(_l("请用一句话写谈了什么。")), Length(max=1000)],
        description=_l("只有你们两人看得到，单位也看不到。"),
    )
    follow_up = StringField(_l("接下来做什么"), [Optional(), Length(max=200)], description=_l("一句话就够。"))
    token = HiddenField(validators=[Length(max=40)])

    @property
    def note(self) -> Note:
        return Note(
            held_on=self.held_on.day,
            minutes=int(self.minutes.data),
            method=Method(self.method.data),
            about=self.about.data or "",
            follow_up=self.follow_up.data or "",
            token=self.token.data or "",
        )


class CardForm(Form):
    mentor_does = TextAreaField(_l("导师做什么"), [DataRequired(_l("请写明导师做什么。")), Length(max=LONGEST_DUTY)])
    mentee_does = TextAreaField(
        _l("帮带对象做什么"), [DataRequired(_l("请写明帮带对象做什么。")), Length(max=LONGEST_DUTY)]
    )

    @property
    def goals(self) -> dict[Ability, str]:
        """What was written, by ability."""
        return {ability: self[f"goal_{ability}"].data for ability in Ability if self[f"goal_{ability}"].data}

    @property
    def goal_fields(self) -> list[Any]:
        return [self[f"goal_{ability}"] for ability in Ability]


for _ability in Ability:
    setattr(CardForm, f"goal_{_ability}", StringField(_ability.label, [Optional(), Length(max=200)]))


class SignForm(Form):
    revision = IntegerField(validators=[InputRequired()])


class PlanStepForm(Form):
    words = StringField(_l("下一小步"), [DataRequired(_l("请写下要做的事。")), Length(max=120)])


class TickForm(Form):
    done = HiddenField()


class ReasonForm(Form):
    reason = TextAreaField(_l("原因"), [DataRequired(_l("请写明原因。")), Length(max=300)])


class NothingForm(Form):
    """A button."""


class EvaluationForm(Form):
    words = TextAreaField(_l("想说的话"), [Optional(), Length(max=500)], description=_l("双方和单位都看得到。"))

    def marks(self, goals: Sequence[CardGoal]) -> Mapping[int, Progress]:
        """What was chosen, by goal."""
        return {goal.id: Progress(self[f"goal_{goal.id}"].data) for goal in goals}

    def goal_fields(self, goals: Sequence[CardGoal]) -> list[Any]:
        return [self[f"goal_{goal.id}"] for goal in goals]


def evaluation_form(goals: Sequence[CardGoal]) -> EvaluationForm:
    """A form with a question for each goal of the card."""
    choices = [SelectChoice(progress.value, progress.label) for progress in Progress]
    missing = InputRequired(_l("请选一项。"))
    questions = {
        f"goal_{goal.id}": RadioField(goal.aim, [missing], choices=choices, description=goal.ability.label)
        for goal in goals
    }
    form: EvaluationForm = type("EvaluationOfGoals", (EvaluationForm,), questions)()
    return form


class HandOverForm(Form):
    mentor = SelectField(_l("新导师"), [InputRequired(_l("请选择导师。"))], coerce=int)
    starts_on = DayField(_l("开始日期"), _l("请选择日期。"))
    ends_on = DayField(_l("结束日期"), _l("请选择日期。"))
    reason = StringField(
        _l("原因"), [Optional(), Length(max=300)], description=_l("这一期还没有结束时要写，例如导师调离。")
    )

    @property
    def values(self) -> dict[str, Any]:
        """What `actions.hand_over` takes besides the mentor."""
        return {"starts_on": self.starts_on.day, "ends_on": self.ends_on.day, "reason": self.reason.data or ""}


class LectureForm(Form):
    held_on = DayField(_l("授课日期"), _l("请选择日期。"))
    title = StringField(_l("题目"), [DataRequired(_l("请写明题目。")), Length(max=120)])
    audience = StringField(
        _l("对象"),
        [DataRequired(_l("请写明讲给谁听。")), Length(max=120)],
        description=_l("例如：和平街道新入职人员，约 30 人。"),
    )

    @property
    def values(self) -> dict[str, Any]:
        """What `lectures.note` takes."""
        return {"held_on": self.held_on.day, "title": self.title.data or "", "audience": self.audience.data or ""}


class UnitLectureForm(LectureForm):
    mentor = SelectField(_l("导师"), [InputRequired(_l("请选择导师。"))], coerce=int)
