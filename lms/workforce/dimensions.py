"""By what the workforce is counted: each dimension with its categories in order, their labels, and how SQL groups."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, String, case, func, literal_column, type_coerce

from lms.core.i18n import LazyString
from lms.core.i18n import lazy_gettext as _l
from lms.hours.kinds import Ability
from lms.people.models import Appointment, Gender, Person
from lms.people.posts import PostClass
from lms.roster.cells import squeezed
from lms.workforce import wordings
from lms.workforce.wordings import OTHER, UNKNOWN

MOST_GRADES = 24  # the longest ladder found in practice


class Dimension(StrEnum):
    """What the people are told apart by."""

    POST = "post"
    AGE = "age"
    GENDER = "gender"
    SCHOOLING = "schooling"
    CERTIFICATE = "certificate"
    GRADE = "grade"
    SERVICE = "service"
    ABILITY = "ability"

    @property
    def label(self) -> LazyString:
        return LABELS[self]


LABELS = {
    Dimension.POST: _l("岗位类别"),
    Dimension.AGE: _l("年龄"),
    Dimension.GENDER: _l("性别"),
    Dimension.SCHOOLING: _l("学历"),
    Dimension.CERTIFICATE: _l("社工证等级"),
    Dimension.GRADE: _l("岗位等级"),
    Dimension.SERVICE: _l("社区工作年限"),
    Dimension.ABILITY: _l("受训能力"),
}
REST = {UNKNOWN: _l("未登记"), OTHER: _l("其他")}

NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}

#: Upper ends (not reached) of the bands, in full years.
AGES = (30, 40, 50, 60)
YEARS = (1, 3, 5, 10)
AGE_LABELS = (_l("不满 30 岁"), _l("30—39 岁"), _l("40—49 岁"), _l("50—59 岁"), _l("60 岁以上"))
YEAR_LABELS = (_l("不满 1 年"), _l("1—2 年"), _l("3—4 年"), _l("5—9 年"), _l("10 年以上"))
SCHOOLING = {
    "postgraduate": _l("研究生"),
    "bachelor": _l("大学本科"),
    "college": _l("大学专科"),
    "secondary": _l("高中、中专"),
    "basic": _l("初中及以下"),
}
CERTIFICATES = {
    "senior": _l("高级社会工作师"),
    "social_worker": _l("社会工作师"),
    "assistant": _l("助理社会工作师"),
    "none": _l("未取得"),
}


def key_of(dimension: Dimension, day: date) -> ColumnElement[Any]:
    """By what SQL groups: few values, so that the database counts and not Python."""
    if dimension is Dimension.POST:
        return type_coerce(Appointment.post, String)
    if dimension is Dimension.GENDER:
        return type_coerce(Person.gender, String)
    if dimension is Dimension.AGE:
        born = [(f"{day.year - age:04}-{day.month:02}", band) for band, age in enumerate(AGES)]
        return _bands(Person.birth_month, born)
    if dimension is Dimension.SERVICE:
        joined = [(_years_before(day, years), band) for band, years in enumerate(YEARS)]
        return _bands(Person.joined_on, joined)
    columns = {Dimension.SCHOOLING: Person.education, Dimension.CERTIFICATE: Person.certificate}
    return func.coalesce(columns.get(dimension, Appointment.grade), "")


def _bands(column: Any, after: Sequence[tuple[Any, int]]) -> ColumnElement[str]:
    """The number of the first band that a date is young enough for; the last takes the rest."""
    whens = [(column.is_(None), literal_column(f"'{UNKNOWN}'", String(16)))]
    whens += [(column > first, literal_column(f"'{band}'", String(16))) for first, band in after]
    return case(*whens, else_=literal_column(f"'{len(after)}'", String(16)))


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def category_of(dimension: Dimension) -> Callable[[str | None], str]:
    """What a value of `key_of` counts as."""
    if dimension in (Dimension.SCHOOLING, Dimension.CERTIFICATE):
        return wordings.read(dimension.value).class_of
    if dimension is Dimension.GRADE:
        return _grade
    return lambda value: value or UNKNOWN


def _grade(text: str | None) -> str:
    """九级, 9级 and 9 as rosters write them: the number where there is one, else the words."""
    said = squeezed(text or "").removesuffix("级").removesuffix("岗")
    if said and not set(said) - set(NUMERALS):
        tens, ten, ones = said.rpartition("十")
        return str((NUMERALS.get(tens, 1) * 10 if ten else 0) + (NUMERALS.get(ones, 0)))
    number = re.search(r"\d+", said, re.ASCII)
    return str(int(number[0])) if number and len(number[0]) <= 3 else (said[:20] or UNKNOWN)


def categories_of(dimension: Dimension, found: Sequence[str]) -> list[tuple[str, Any]]:
    """The categories in their order with their labels; unknown and other only where they occur.

    :param found: the categories that occur.
    """
    fixed: dict[str, Any] = {
        Dimension.POST: {one.value: one.label for one in PostClass},
        Dimension.GENDER: {one.value: one.label for one in Gender},
        Dimension.AGE: {str(band): label for band, label in enumerate(AGE_LABELS)},
        Dimension.SERVICE: {str(band): label for band, label in enumerate(YEAR_LABELS)},
        Dimension.SCHOOLING: SCHOOLING,
        Dimension.CERTIFICATE: CERTIFICATES,
        Dimension.ABILITY: {one.value: one.label for one in Ability},
        Dimension.GRADE: {one: _grade_label(one) for one in _grades(found)},
    }[dimension]
    rest = {key: label for key, label in REST.items() if key in found and key not in fixed}
    return [*fixed.items(), *rest.items()]


def _grade_label(grade: str) -> Any:
    """九级 as a number of ours; words as the roster has them."""
    return _l("%(grade)s 级", grade=grade) if grade.isdigit() else grade


def _grades(found: Sequence[str]) -> list[str]:
    """Grades by number, then those in words; what exceeds the longest ladder counts as other."""
    named = [one for one in found if one not in REST]
    return sorted(named, key=lambda one: (not one.isdigit(), int(one) if one.isdigit() else 0, one))[:MOST_GRADES]
