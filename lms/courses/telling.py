"""What the notices module says about courses: what somebody said of a lesson was answered."""

from datetime import datetime

from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.courses.models import CourseRevision, Lesson, LessonReply
from lms.notices.actions import Link, tell
from lms.notices.kinds import NoticeKind

#: Characters of the answer that the notice repeats: whoever has moved to a newer version finds it there alone.
MOST = 300

REPLIED = NoticeKind(
    "courses.replied",
    _l("课时反馈的答复"),
    _l("课程"),
    _l("您对一课的反馈有了答复"),
    _l("《%(course)s》“%(lesson)s”这一课，课程组答复：%(text)s"),
    {"said": _l("因为您对这一课说过意见")},
)
ALL = (REPLIED,)


def tell_replied(
    reply: LessonReply, lesson: Lesson, revision: CourseRevision, person_ids: list[int], *, actor: Actor, now: datetime
) -> None:
    """Tell those who had said something."""
    text = reply.text if len(reply.text) <= MOST else f"{reply.text[:MOST]}…"
    tell(
        person_ids,
        kind=REPLIED.name,
        params={"course": revision.title, "lesson": lesson.title, "text": text},
        link=Link("courses.lesson", {"course_id": revision.course_id, "position": lesson.position}),
        source=("lesson_reply", str(reply.id)),
        why="said",
        actor=actor,
        now=now,
    )
