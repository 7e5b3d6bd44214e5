"""Reads for the pages of drafts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from lms.cases.access import written_by
from lms.cases.author_models import CaseAuthor, CaseByline
from lms.cases.kinds import State
from lms.cases.models import Case, CaseMethod, CaseVersion, Method, MethodVersion, MethodWithdrawal
from lms.cases.queries import standing_withdrawals
from lms.core import db
from lms.core.i18n import gettext as _
from lms.core.paging import Page, keyset
from lms.core.web import Actor
from lms.drafts.access import readable_by
from lms.drafts.models import CaseDraft, DraftCopy, DraftFile
from lms.units.models import Unit
from lms.units.queries import list_tops

COPIES = 20
#: What the home page calls the cases that wait for an answer on being named.
TO_ANSWER = "drafts.to_answer"


def list_drafts(actor: Actor, *, cursor: str | None = None) -> Page[CaseDraft]:
    """Drafts that the actor may write, the newest first; not those in others' hands."""
    statement = (
        select(CaseDraft)
        .join(Case, Case.id == CaseDraft.case_id)
        .where(readable_by(actor), Case.state != State.SUPERSEDED)
        .options(joinedload(CaseDraft.case).joinedload(Case.unit), joinedload(CaseDraft.saved_by))
    )
    page = keyset(statement, CaseDraft.id, cursor=cursor, size=20, descending=True)
    return Page([row[0] for row in page.items], page.next_cursor, page.size)


def list_own_cases(actor: Actor, *, most: int = 100) -> Sequence[Any]:
    """(slug, title, state) of cases that the actor wrote, alone or with others, and of which there is no draft."""
    drafted = select(CaseDraft.id).where(CaseDraft.case_id == Case.id)
    statement = (
        select(Case.slug, CaseVersion.title, Case.state)
        .join(CaseVersion, and_(CaseVersion.case_id == Case.id, CaseVersion.number == Case.latest_number))
        .where(written_by(actor), ~drafted.exists())
        .order_by(Case.id.desc())
        .limit(most)
    )
    return db.session().execute(statement).all()


def list_units(actor: Actor) -> dict[int, Unit]:
    """Units in whose name the actor may write: their own, and those that they run."""
    own = db.session().get(Unit, actor.unit_id) if actor.unit_id else None
    found = [*([own] if own else []), *list_tops(actor)]
    return {unit.id: unit for unit in found}


def find_draft(case: Case) -> CaseDraft | None:
    return db.session().scalars(select(CaseDraft).where(CaseDraft.case_id == case.id)).one_or_none()


def title_of(case: Case) -> str:
    """What the case is called while it is written; empty where it has no title yet."""
    draft = find_draft(case)
    version = None if draft is not None and draft.title else find_version(case)
    return version.title if version is not None else (draft.title if draft is not None else "")


def to_answer_by(person: BindParameter[int]) -> Select[int]:
    """How many cases wait for a person's answer whether they want to be named."""
    silent = (CaseAuthor.agreed_at.is_(None), CaseAuthor.ended_at.is_(None), CaseAuthor.added_by_id.is_not(None))
    return select(func.count()).select_from(CaseAuthor).where(CaseAuthor.person_id == person, *silent)


def list_signed(version: CaseVersion) -> set[int]:
    """The places among a version's authors that are held by persons of this site."""
    return set(db.session().scalars(select(CaseByline.position).where(CaseByline.version_id == version.id)))


def prints(case: Case, author: CaseAuthor) -> bool:
    """Whether the newest version names this author."""
    newest = (CaseVersion.case_id == case.id, CaseVersion.number == case.latest_number)
    signed = select(CaseByline.position).join(CaseVersion, CaseVersion.id == CaseByline.version_id).where(*newest)
    return db.session().scalar(signed.where(CaseByline.person_id == author.person_id)) is not None


def find_version(case: Case) -> CaseVersion | None:
    """The newest version of a case."""
    newest = and_(CaseVersion.case_id == case.id, CaseVersion.number == case.latest_number)
    return db.session().scalars(select(CaseVersion).where(newest)).one_or_none()


def list_files(draft: CaseDraft) -> Sequence[DraftFile]:
    statement = select(DraftFile).where(DraftFile.draft_id == draft.id).options(joinedload(DraftFile.file))
    return db.session().scalars(statement.order_by(DraftFile.id)).all()


def find_original(draft: CaseDraft) -> DraftFile | None:
    statement = select(DraftFile).where(DraftFile.draft_id == draft.id, DraftFile.original)
    return db.session().scalars(statement.limit(1)).one_or_none()


def list_copies(draft: CaseDraft) -> Sequence[DraftCopy]:
    """What was replaced, the last first."""
    statement = select(DraftCopy).where(DraftCopy.draft_id == draft.id).options(joinedload(DraftCopy.saved_by))
    return db.session().scalars(statement.order_by(DraftCopy.id.desc()).limit(COPIES)).all()


def count_copies(draft: CaseDraft) -> int:
    return db.session().scalar(select(func.count()).where(DraftCopy.draft_id == draft.id)) or 0


def list_method_names(chosen: Sequence[str] = (), *, most: int = 200) -> list[tuple[str, str]]:
    """(address, name) of methods, to choose from; of those that were withdrawn only what was chosen before."""
    withdrawn = MethodWithdrawal.id.is_not(None)
    statement = (
        select(Method.slug, MethodVersion.name, withdrawn.label("withdrawn"))
        .join(MethodVersion, and_(MethodVersion.method_id == Method.id, MethodVersion.number == Method.latest_number))
        .outerjoin(MethodWithdrawal, standing_withdrawals())
        .where(or_(~withdrawn, Method.slug.in_(chosen)))
        .order_by(MethodVersion.initials)
        .limit(most)
    )
    rows = db.session().execute(statement)
    return [(row.slug, _("%(name)s（已撤回）", name=row.name) if row.withdrawn else row.name) for row in rows]


def list_withdrawn_names(draft: CaseDraft) -> list[str]:
    """The names of the methods of a draft that were withdrawn."""
    statement = (
        select(MethodVersion.name)
        .join(Method, and_(MethodVersion.method_id == Method.id, MethodVersion.number == Method.latest_number))
        .join(MethodWithdrawal, standing_withdrawals())
        .where(Method.slug.in_(draft.methods))
    )
    return list(db.session().scalars(statement.order_by(MethodVersion.name)))


def list_methods_of(version: CaseVersion) -> list[str]:
    statement = (
        select(Method.slug)
        .join(CaseMethod, CaseMethod.method_id == Method.id)
        .where(CaseMethod.version_id == version.id)
    )
    return list(db.session().scalars(statement.order_by(CaseMethod.position)))
