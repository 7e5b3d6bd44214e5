"""What is done with drafts besides writing: pictures come, the case is handed in, or given up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete

from lms.cases import actions as cases
from lms.cases.author_models import CaseAuthor
from lms.cases.authors import list_authors
from lms.cases.kinds import CommunityKind, Section, State, Theme
from lms.cases.models import Case, CaseVersion
from lms.cases.texts import Attachment, CaseText
from lms.core import db, pictures
from lms.core.errors import BadInput, Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.drafts import checking, destinations, holding, keeping, queries, starting, telling
from lms.drafts.blocks import figure
from lms.drafts.events import case_submitted
from lms.drafts.models import CaseDraft, DraftCopy, DraftFile
from lms.hours.kinds import Ability

MOST_FILES = 60


def add_picture(draft: CaseDraft, data: bytes, *, actor: Actor, now: datetime) -> str:
    """Keep a picture, made safe and small, and say its name; the same picture is kept once.

    :raise Refused: it cannot be read, there are too many, or the case is being judged.
    """
    keeping.refuse_closed(draft.case)
    if len(queries.list_files(draft)) >= MOST_FILES:
        raise Refused(_l("一篇案例最多 %(limit)s 个图片和附件。", limit=MOST_FILES), "file")
    name, made = pictures.made_safe(data, "file")
    starting.keep_picture(draft, name, made, now=now)
    keeping.record("drafts.add_picture", draft, actor=actor, now=now, name=name)
    return name


def submit(
    draft: CaseDraft,
    *,
    destination: str,
    consent: bool,
    anonymized: bool,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> CaseVersion:
    """Hand the case in: what the draft says becomes a version, and goes to whoever judges it.

    :param note: what is different from the version before, for those who judge.
    :raise Refused: something is missing or identifies a resident for sure, somebody is judging it, or the
        destination does not take it.
    """
    holding.refuse_held(draft.case)
    keeping.refuse_closed(draft.case)
    if destination not in [one.key for one in destinations.list_for(actor, draft.case)]:
        raise Refused(_l("请选择交到哪里。"), "destination")
    files = queries.list_files(draft)
    authors = list_authors(draft.case)
    if any(lack.stops for lack in checking.lacks_of(draft, [file.name for file in files], authors)):
        raise Refused(_l("还有没写完的内容，请先补上。"))
    if any(place.finding.kind.is_certain for place in checking.find_places(draft)):
        raise Refused(_l("文中还有居民的身份证号，请先遮盖。"))
    case = draft.case
    attached = _attachments(draft, files)
    text = _text_of(draft, authors, consent=consent, anonymized=anonymized, attached=attached)
    persons = {place: author.person_id for place, author in enumerate(authors, 1) if author.person_id is not None}
    try:
        version = cases.add_version(case, text, persons=persons, note=note, actor=actor, now=now)
    except BadInput as error:
        raise Refused(error.message) from error
    cases.take_step(case, State.SUBMITTED, unit=case.unit, actor=actor, now=now)
    case_submitted.send(None, case=case, version=version, destination=destination, actor=actor, now=now)
    draft.destination = destination if destination != destinations.UNIT else ""
    draft.blocks, draft.notes, draft.places = [], {}, []  # what was masked in the text stood there, too
    db.session().execute(delete(DraftCopy).where(DraftCopy.draft_id == draft.id))
    telling.tell_submitted(version, case, actor=actor, now=now)
    keeping.record("drafts.submit", draft, actor=actor, now=now, version=version.number, destination=destination)
    return version


def discard(draft: CaseDraft, *, actor: Actor, now: datetime) -> None:
    """Give a draft up, with its pictures; a case that never had a version goes with it.

    :raise Refused: the case is being judged.
    """
    case = draft.case
    keeping.refuse_closed(case)
    telling.tell_discarded(draft, actor=actor, now=now)
    keeping.record("drafts.discard", draft, actor=actor, now=now, slug=case.slug)
    for table in (DraftCopy, DraftFile):
        db.session().execute(delete(table).where(table.draft_id == draft.id))
    db.session().delete(draft)
    db.session().flush()  # the case is pointed at until then
    if case.latest_number == 0:
        db.session().execute(delete(CaseAuthor).where(CaseAuthor.case_id == case.id))
        db.session().execute(delete(Case).where(Case.id == case.id))


def _attachments(draft: CaseDraft, files: Sequence[DraftFile]) -> dict[str, Attachment]:
    """The original, and the pictures that the text shows."""
    used = checking.used_pictures(draft)
    return {
        file.name: Attachment(file.file, file.mime, file.original)
        for file in files
        if file.original or file.name in used or not file.name.startswith("p-")
    }


def _text_of(
    draft: CaseDraft,
    authors: Sequence[CaseAuthor],
    *,
    consent: bool,
    anonymized: bool,
    attached: dict[str, Attachment],
) -> CaseText:
    return CaseText(
        title=draft.title,
        summary=draft.summary,
        abilities=tuple(map(Ability, draft.abilities)),
        themes=tuple(map(Theme, draft.themes)),
        community_kind=CommunityKind(draft.community_kind),
        region=draft.region,
        place=draft.place,
        began=draft.began,
        ended=draft.ended or None,
        sections={section: draft.text_of(section) for section in Section},
        authors=tuple(author.printed for author in authors),
        methods=tuple(draft.methods),
        evidence=draft.evidence,
        consent=consent,
        anonymized=anonymized,
        files=attached,
    )


def append_picture(draft: CaseDraft, section: str, name: str, *, actor: Actor, now: datetime) -> None:
    """Put a picture at the end of a section.

    :raise Refused: the case is being judged.
    """
    text = f"{draft.text_of(Section(section))}\n\n{figure(name, '', '')}".strip()
    keeping.save(draft, keeping.Save({section: text}, draft.sequence, ""), actor=actor, now=now)
