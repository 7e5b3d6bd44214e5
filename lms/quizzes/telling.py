"""What the notices module says about quizzes: a corrected question changed somebody's result."""

from datetime import datetime

from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.notices.actions import Link, tell
from lms.notices.kinds import NoticeKind
from lms.quizzes.models import Attempt, AttemptRegrade
from lms.quizzes.questions import percent_text

REGRADED = NoticeKind(
    "quizzes.regraded",
    _l("测验重新评分"),
    _l("测验"),
    _l("您的测验重新评过分"),
    _l("有一道题的答案更正了：原来 %(old)s 分，现在 %(new)s 分。请查看。"),
    {"learner": _l("因为这份答卷是您交的")},
)
ALL = (REGRADED,)


def on_attempt_regraded(
    _sender: object, *, attempt: Attempt, regrade: AttemptRegrade, actor: Actor, now: datetime
) -> None:
    """Tell the learner; connected in `setup`."""
    tell(
        [attempt.person_id],
        kind=REGRADED.name,
        params={"old": percent_text(regrade.old_percent), "new": percent_text(regrade.new_percent)},
        link=Link("quizzes.result", {"attempt_id": attempt.id}),
        source=("attempt_regrade", str(regrade.id)),
        why="learner",
        actor=actor,
        now=now,
    )
