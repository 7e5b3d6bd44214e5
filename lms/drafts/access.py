"""Who may write a draft: its authors, and the administrators and trainers of its unit and of those above.

Reviewers see what was handed in, never what is being written; so the doors that `calls` opens on cases do not count.
"""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from lms.cases.access import get_case, may_write, run_by, written_by
from lms.cases.author_models import CaseAuthor
from lms.cases.authors import standing
from lms.cases.models import Case
from lms.core import db
from lms.core.errors import Denied
from lms.core.web import Actor, one_or_404, require
from lms.drafts.models import CaseDraft, DraftCopy, DraftFile
from lms.units.models import Unit


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Drafts that the actor may read and write: a condition on Case, joined."""
    return or_(written_by(actor), run_by(actor))


def get_draft(actor: Actor, draft_id: int, *, lock: bool = False) -> CaseDraft:
    """:raise Denied: there is no such draft for this actor."""
    statement = (
        select(CaseDraft).join(Case, Case.id == CaseDraft.case_id).where(CaseDraft.id == draft_id, readable_by(actor))
    )
    return one_or_404(statement.with_for_update(of=CaseDraft) if lock else statement)


def get_file(draft: CaseDraft, name: str) -> DraftFile:
    """:raise Denied: the draft has no such file."""
    if len(name) > 160 or not name.isprintable():
        raise Denied()
    return one_or_404(select(DraftFile).where(DraftFile.draft_id == draft.id, DraftFile.name == name))


def get_copy(draft: CaseDraft, copy_id: int) -> DraftCopy:
    """:raise Denied: it is none of this draft's."""
    return one_or_404(select(DraftCopy).where(DraftCopy.draft_id == draft.id, DraftCopy.id == copy_id))


def get_author(draft: CaseDraft, author_id: int) -> CaseAuthor:
    """:raise Denied: nobody of that number is an author of the draft's case."""
    mine = (CaseAuthor.id == author_id, CaseAuthor.case_id == draft.case_id, standing())
    return one_or_404(select(CaseAuthor).where(*mine).options(joinedload(CaseAuthor.person)))


def get_own_place(actor: Actor, slug: str) -> tuple[Case, CaseAuthor]:
    """A case and the actor's own place among its authors; the last one, where they stepped back themselves.

    :raise Denied: there is no such case, or the actor was never named, or somebody removed them.
    """
    own = (Case.slug == slug[:80], CaseAuthor.person_id == (actor.person_id or 0))
    newest = select(CaseAuthor).join(Case, Case.id == CaseAuthor.case_id).where(*own).order_by(CaseAuthor.id.desc())
    place = one_or_404(newest.options(joinedload(CaseAuthor.added_by)))
    if place.ended_at is not None and place.ended_by_id != actor.person_id:
        raise Denied()
    return db.session().get_one(Case, place.case_id), place


def get_case_to_write(actor: Actor, slug: str) -> Case:
    """A case to write the next version of.

    :raise Denied: there is no such case for this actor.
    :raise Forbidden: the actor may read it, but not write it.
    """
    case = get_case(actor, slug)
    require(may_write(actor, case))
    return case


def get_own_unit(choices: dict[int, Unit], unit_id: int) -> Unit:
    """One of the units that the actor may write for.

    :raise Denied: it is none of them.
    """
    if unit_id not in choices:
        raise Denied()
    return choices[unit_id]
