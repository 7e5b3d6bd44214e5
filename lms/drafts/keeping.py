"""Keeping what is typed: by whom, over what, and never at the cost of what somebody else wrote.

Each page has a random name (device) and says on which save its text is based. A page that has seen the newest save, or
made it itself, replaces it; another is told what stands, and may then decide. What is replaced unseen is kept aside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from lms.cases import authors
from lms.cases.kinds import State
from lms.cases.models import Case
from lms.core import audit, db
from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.core.web import Actor
from lms.drafts import arranging, fields, guessing, identifying
from lms.drafts.guessing import Place
from lms.drafts.models import CaseDraft, DraftCopy

#: States in which nothing is written: what is read by others does not change under their eyes.
CLOSED = frozenset({State.SUBMITTED, State.SUPERSEDED})
MOST_COPIES = 20


@dataclass(frozen=True)
class Save:
    """What a page sends: `said` by field; `based_on` is the number of the save that it last saw."""

    said: Mapping[str, Any]
    based_on: int
    device: str
    #: the writer has seen that there is another text, and decided for this one
    insists: bool = False
    #: the writer has decided for the other text: this one is only put by
    aside: bool = False


@dataclass(frozen=True)
class Saved:
    """What stands now: `state` is saved or conflict."""

    state: str
    sequence: int


def refuse_closed(case: Case) -> None:
    """:raise Refused: the case is being judged: what reviewers read does not change under their eyes."""
    if case.state is State.SUBMITTED:
        raise Refused(_l("案例正在评审，退回或者有结论以后才能修改。"))
    if case.state is State.SUPERSEDED:
        raise Refused(_l("案例已经被另一篇取代，不能再修改。"))


def save(draft: CaseDraft, given: Save, *, actor: Actor, now: datetime) -> Saved:
    """Keep what was typed, unless somebody else's text stands there that this page has not seen.

    :raise Refused: the case is being judged.
    """
    refuse_closed(draft.case)
    if not fields.differs(draft, given.said):
        return Saved("saved", draft.sequence)
    if given.aside:
        _put_by(draft, {**fields.read(draft), **given.said}, "aside", actor.person_id, now=now)
        return Saved("saved", draft.sequence)
    if given.based_on != draft.sequence and given.device != draft.device:
        if not given.insists:
            return Saved("conflict", draft.sequence)
        keep_aside(draft, "conflict", now=now)
    fields.write(draft, given.said)
    _touch(draft, given.device, actor=actor, now=now)
    return Saved("saved", draft.sequence)


def arrange(draft: CaseDraft, places: list[Place], *, actor: Actor, now: datetime) -> None:
    """Put the parts of the Word file where they belong; what was written since is kept aside.

    :raise Refused: there is nothing to arrange, or the case is being judged.
    """
    refuse_closed(draft.case)
    if not draft.blocks or len(places) != len(draft.blocks):
        raise Refused(_l("这份草稿没有可以分段的原文。"))
    if draft.sequence > draft.arranged_sequence:
        keep_aside(draft, "arranged", now=now)
    draft.places = [place.value for place in places]
    draft.title = guessing.title_of(draft.blocks, places) or draft.title
    for section, text in arranging.sections_of(draft.blocks, places, draft.notes).items():
        setattr(draft, section.value, text)
    _touch(draft, "", actor=actor, now=now)
    draft.arranged_sequence = draft.sequence
    record("drafts.arrange", draft, actor=actor, now=now)


def restore(draft: CaseDraft, copy: DraftCopy, *, actor: Actor, now: datetime) -> None:
    """Let the draft say again what it said; what it says now is kept aside in its turn.

    :raise Refused: the case is being judged.
    """
    refuse_closed(draft.case)
    text = dict(copy.text)
    keep_aside(draft, "restored", now=now)
    fields.write(draft, text)
    _touch(draft, "", actor=actor, now=now)
    record("drafts.restore", draft, actor=actor, now=now)


def mask(draft: CaseDraft, keys: set[str], *, actor: Actor, now: datetime) -> int:
    """Hide what the findings of these keys found, wherever it stands in the draft; how many were hidden.

    :raise Refused: the case is being judged.
    """
    refuse_closed(draft.case)
    chosen = {
        one.text: one.mask for name in fields.TEXTS for one in identifying.find(getattr(draft, name)) if one.key in keys
    }
    said = {name: identifying.masked(getattr(draft, name), chosen) for name in fields.TEXTS}
    if fields.write(draft, said):
        _touch(draft, "", actor=actor, now=now)
        record("drafts.mask", draft, actor=actor, now=now, count=len(chosen))
    return len(chosen)


def keep_aside(draft: CaseDraft, why: str, *, now: datetime) -> None:
    """Keep what the draft says before another text takes its place; the oldest copies make room."""
    _put_by(draft, fields.read(draft), why, draft.saved_by_id, now=now)


def _put_by(draft: CaseDraft, said: dict[str, Any], why: str, writer_id: int | None, *, now: datetime) -> None:
    copy = DraftCopy(draft_id=draft.id, why=why, text=said, kept_at=now, saved_by_id=writer_id)
    db.session().add(copy)
    db.session().flush()  # copies are counted below
    copies = select(DraftCopy.id).where(DraftCopy.draft_id == draft.id).order_by(DraftCopy.id.desc())
    gone = db.session().scalars(copies).all()[MOST_COPIES:]
    if gone:
        db.session().execute(delete(DraftCopy).where(DraftCopy.id.in_(gone)))


def record(verb: str, draft: CaseDraft, *, actor: Actor, now: datetime, **detail: object) -> None:
    on = ("case_draft", draft.id)
    audit.record(verb, actor=actor, now=now, on=on, unit_id=draft.case.unit_id, detail=dict(detail))


def _touch(draft: CaseDraft, device: str, *, actor: Actor, now: datetime) -> None:
    draft.sequence += 1
    draft.device, draft.saved_at, draft.saved_by_id = device, now, actor.person_id
    authors.note_writing(draft.case_id, actor=actor, now=now)
