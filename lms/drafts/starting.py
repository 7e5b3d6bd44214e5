"""How a draft begins: blank, out of a Word file, or out of the newest version of a case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from lms.cases import actions as cases
from lms.cases.kinds import Section
from lms.cases.models import Case, CaseFile
from lms.core import audit, db, files
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.courses.media import WORD
from lms.drafts import arranging, authorship, destinations, guessing, keeping, queries, word
from lms.drafts.models import CaseDraft, DraftFile
from lms.units.models import Unit

PICTURE_MIMES = {"jpg": "image/jpeg", "png": "image/png"}


def start_blank(unit: Unit, *, actor: Actor, now: datetime) -> CaseDraft:
    """Begin a case in the page."""
    case = cases.create_case(unit=unit, origin="page", actor=actor, now=now)
    draft = _begin(case, actor=actor, now=now)
    draft.place = unit.name
    return draft


def start_from_word(unit: Unit, data: bytes, name: str, *, actor: Actor, now: datetime) -> CaseDraft:
    """Begin a case out of a Word file, which stays with it.

    :raise Refused: the file cannot be read.
    """
    if len(data) > files.LARGEST:
        raise Refused(_l("文件超过 %(size)s MB。", size=files.LARGEST // 1024**2), "file")
    document = word.read(data, name)
    if not document.blocks:
        raise Refused(_l("这份文件里没有文字。"), "file")
    case = cases.create_case(unit=unit, origin="word", actor=actor, now=now)
    draft = _begin(case, actor=actor, now=now)
    places = guessing.guess(document.blocks)
    draft.blocks, draft.notes = list(document.blocks), dict(document.notes)
    draft.places = [place.value for place in places]
    draft.title = guessing.title_of(document.blocks, places)
    draft.place = unit.name
    for section, text in arranging.sections_of(document.blocks, places, document.notes).items():
        setattr(draft, section.value, text)
    draft.sequence = draft.arranged_sequence = 1
    for picture, content in document.pictures.items():
        keep_picture(draft, picture, content, now=now)
    label = files.clean_label(name)
    original = label if label.lower().endswith(".docx") else f"{label}.docx"
    attach(draft, original, data, WORD.mime, original=True, now=now)
    detail = {"paragraphs": document.counted, "late": document.late, "pictures": len(document.pictures)}
    on = ("case_draft", draft.id)
    audit.record("drafts.import", actor=actor, now=now, on=on, unit_id=unit.id, detail=detail)
    return draft


def mean_for(draft: CaseDraft, destination: str, *, actor: Actor) -> None:
    """Say where a draft is meant to be handed in, as far as that place takes it; it may go elsewhere all the same."""
    meant = destinations.find(actor, db.session().get_one(Case, draft.case_id), destination)
    draft.destination = meant.key if meant else ""


def start_from_case(case: Case, *, actor: Actor, now: datetime) -> CaseDraft:
    """The draft of a case's next version: the one that there is, else a new one that says what the newest version says.

    :raise Refused: the case is being judged, or another took its place.
    """
    keeping.refuse_closed(case)
    found = queries.find_draft(case)
    if found is not None:
        return found
    version = queries.find_version(case)
    draft = _begin(case, actor=actor, now=now)
    if version is None:
        return draft
    for name in ("title", "summary", "abilities", "themes", "region", "place", "began", "evidence"):
        setattr(draft, name, getattr(version, name))
    draft.community_kind, draft.ended = version.community_kind.value, version.ended or ""
    draft.methods = queries.list_methods_of(version)
    authorship.adopt(version, actor=actor, now=now)
    for section in Section:
        setattr(draft, section.value, version.text_of(section))
    for file in db.session().scalars(select(CaseFile).where(CaseFile.version_id == version.id)):
        kept = {"file_id": file.file_id, "mime": file.mime, "original": file.original}
        db.session().add(DraftFile(draft_id=draft.id, name=file.name, added_at=now, **kept))
    return draft


def keep_picture(draft: CaseDraft, name: str, content: bytes, *, now: datetime) -> None:
    """Keep a picture that was made safe; the same one is kept once."""
    attach(draft, name, content, PICTURE_MIMES[name.rpartition(".")[2]], original=False, now=now)


def attach(draft: CaseDraft, name: str, content: bytes, mime: str, *, original: bool, now: datetime) -> None:
    here = (DraftFile.draft_id == draft.id, DraftFile.name == name)
    if db.session().scalar(select(DraftFile.id).where(*here)) is not None:
        return
    stored = files.store(content, name, now=now)
    db.session().add(
        DraftFile(draft_id=draft.id, name=name, file_id=stored.id, mime=mime, original=original, added_at=now)
    )
    db.session().flush()  # the next of the same name must see it


def _begin(case: Case, *, actor: Actor, now: datetime) -> CaseDraft:
    draft = CaseDraft(case_id=case.id, started_at=now, saved_at=now, saved_by_id=actor.person_id)
    db.session().add(draft)
    db.session().flush()  # pages and files are named by its number
    on = ("case_draft", draft.id)
    audit.record("drafts.start", actor=actor, now=now, on=on, unit_id=case.unit_id, detail={"slug": case.slug})
    return draft
