"""Teaching with cases: a fence in a lesson shows a version of one, or a part of it, with questions to discuss.

    ```case wutongli-dianti@1 process
    如果是您，第一步先找谁？
    一楼的顾虑，还有什么办法可以打消？
    ```

The lesson stays with the version that it names. Where that case has been withdrawn since, the lesson says so and shows
nothing of it; where there is a newer version, it says that, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from lms.cases import queries, showing
from lms.cases.kinds import Section, State
from lms.cases.models import Case, CaseStep, CaseTeaching, CaseVersion
from lms.core import db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.courses.faults import FaultLog
from lms.courses.models import Lesson
from lms.courses.parts import Part, PartKind

_ARGUMENT = re.compile(r"(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)@(?P<number>[1-9]\d{0,3})(?:\s+(?P<section>\w+))?")
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+[.)、])\s*")
_SECTIONS = tuple(section.value for section in Section)


def check(part: Part, log: FaultLog) -> None:
    """Whether the fence names a case as it must; whether there is such a case is seen when it is loaded."""
    match = _ARGUMENT.fullmatch(part.argument)
    if not match or match["section"] not in (None, *_SECTIONS):
        log.add("bad_case_part", part.line, choices=", ".join(_SECTIONS))


def keep(lesson: Lesson, position: int, part: Part, _actor: Actor, _now: datetime) -> None:
    """Pin the lesson to the version.

    :raise Refused: there is no such version that was ever public.
    """
    match = _ARGUMENT.fullmatch(part.argument)
    version = _find(match["slug"], int(match["number"])) if match else None
    if version is None:
        raise Refused(_l("课时用到的案例“%(name)s”没有发布过。请先载入案例，再载入课程。", name=part.argument))
    db.session().add(CaseTeaching(lesson_id=lesson.id, position=position, version_id=version.id))


def read(_actor: Actor, lesson: Lesson, parts: Sequence[Part]) -> Sequence[dict[str, Any]]:
    """What the page of a lesson shows of each part. Whoever may read the lesson may read what is public in it."""
    statement = (
        select(CaseVersion, Case)
        .join(Case, Case.id == CaseVersion.case_id)
        .join(CaseTeaching, CaseTeaching.version_id == CaseVersion.id)
        .where(CaseTeaching.lesson_id == lesson.id)
    )
    found = {(case.slug, version.number): (case, version) for version, case in db.session().execute(statement)}
    return [_shown(part, found) for part in parts]


def _shown(part: Part, found: dict[tuple[str, int], tuple[Case, CaseVersion]]) -> dict[str, Any]:
    match = _ARGUMENT.fullmatch(part.argument)
    case, version = found.get((match["slug"], int(match["number"])), (None, None)) if match else (None, None)
    if match is None or case is None or version is None or not case.is_public:
        return {"case": case, "gone": True}
    only = Section(match["section"]) if match["section"] else None
    questions = [text for line in part.body.split("\n") if (text := _BULLET.sub("", line).strip())]
    sections = showing.sections_of(case, version, only)
    if only is None and questions:  # the lesson asks its own
        sections = [shown for shown in sections if shown.section is not Section.DISCUSSION]
    return {
        "case": case,
        "gone": False,
        "version": version,
        "sections": sections,
        "newer": (case.published_number or 0) > version.number,
        "superseded": case.state is State.SUPERSEDED,
        "questions": questions,
        "withdrawn": [method for method in queries.list_methods_of(version) if method.withdrawn],
    }


def _find(slug: str, number: int) -> CaseVersion | None:
    """A version that was public at some time, of a case that is now."""
    published = and_(CaseStep.version_id == CaseVersion.id, CaseStep.state == State.PUBLISHED)
    statement = (
        select(CaseVersion)
        .join(Case, Case.id == CaseVersion.case_id)
        .where(Case.slug == slug, Case.published_number.is_not(None), CaseVersion.number == number)
        .where(select(CaseStep.id).where(published).exists())
    )
    return db.session().scalars(statement).first()


PART = PartKind("case", "cases/_lesson_part.html", check, keep, read)
