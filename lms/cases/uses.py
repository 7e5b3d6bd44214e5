"""本社区已借鉴: a unit notes that it works as a case describes, and may take the note back."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from lms.cases import queries, telling
from lms.cases.models import Case, CaseUse
from lms.core import audit, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor


def note_use(case: Case, *, sentence: str, contact: str, actor: Actor, now: datetime) -> CaseUse:
    """Note that the actor's unit works as the case describes; the authors hear of it.

    :raise Refused: the actor works in no unit, the case is that unit's own or not public, or it is noted already.
    """
    if actor.unit_id is None or actor.person_id is None:
        raise Refused(_l("您没有任职的单位，不能登记借鉴。"))
    if not case.is_public:
        raise Refused(_l("案例发布以后才能登记借鉴。"))
    if case.unit_id == actor.unit_id:
        raise Refused(_l("这是本单位自己的案例。"))
    use = CaseUse(
        case_id=case.id,
        unit_id=actor.unit_id,
        sentence=sentence,
        contact=contact,
        noted_at=now,
        noted_by_id=actor.person_id,
    )
    try:
        with db.session().begin_nested():
            db.session().add(use)
    except IntegrityError as error:  # a colleague was faster
        raise Refused(_l("本单位已经登记过。要改写，请先撤回原来的登记。")) from error
    source = ("case_use", str(use.id))
    telling.tell_authors(telling.USED, case, {"unit": actor.unit_name}, source=source, actor=actor, now=now)
    audit.record("cases.note_use", actor=actor, now=now, on=("case", case.id), unit_id=actor.unit_id)
    return use


def take_back_use(case: Case, *, actor: Actor, now: datetime) -> None:
    """Take back what the actor's unit noted; that it was noted stays known to the audit trail.

    :raise Refused: there is no such note.
    """
    use = queries.find_use(case, actor.unit_id)
    if use is None:
        raise Refused(_l("本单位没有登记过借鉴。"))
    use.taken_back_at, use.taken_back_by_id = now, actor.person_id
    audit.record("cases.take_back_use", actor=actor, now=now, on=("case", case.id), unit_id=use.unit_id)
