"""Cases that say in part what a draft or a version says: for whoever writes or judges it, of what they may read.

Keys that the draft shares with cases name the candidates, in one statement with the permission: a case that the writer
may not read is neither named nor takes the place of another. What stands in both is then counted in the texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, and_, func, select

from lms.cases import indexing, likeness
from lms.cases.access import readable_by
from lms.cases.kinds import Section
from lms.cases.likeness import Share
from lms.cases.models import Case, CaseKey, CaseVersion
from lms.core import db
from lms.core.i18n import LazyString
from lms.core.search import SearchDocument
from lms.core.web import Actor
from lms.drafts import fields
from lms.drafts.models import CaseDraft

MOST = 5
CANDIDATES = 12
#: A few keys are shared by chance; besides, half of what a case worth showing lets expect must be there.
FEWEST_KEYS = 3
#: Shares of the text, and of one section of it, from which a case is shown.
ALIKE = 0.2
SECTION_ALIKE = 0.5
#: A section of fewer letters says too little to be alike by itself.
SHORTEST_SECTION = 200
NEARLY_SAME = 0.7
PASSAGE = 60


@dataclass(frozen=True)
class Alike:
    """A case like it: `percent` of the text's letters stand there; `section` is the one of which most does."""

    slug: str
    title: str
    percent: int
    section: LazyString | None
    section_percent: int
    passage: str
    #: whether the passage goes on
    is_cut: bool

    @property
    def is_nearly_same(self) -> bool:
        return self.percent >= NEARLY_SAME * 100


def list_alike(actor: Actor, said: CaseDraft | CaseVersion) -> list[Alike]:
    """The cases that have most of its words, at most five."""
    parts = {name: likeness.placed(likeness.unmarked(getattr(said, name))) for name in ("summary", *fields.SECTIONS)}
    keys = {name: likeness.keys_of(part.letters) for name, part in parts.items()}
    fewest = _fewest([keys[name] for name in fields.SECTIONS if len(parts[name].letters) >= SHORTEST_SECTION])
    found = list_candidates(actor, set().union(*keys.values()), fewest=fewest, but=said.case_id)
    compared = (_compare(row, parts) for row in found)
    return sorted((one for one in compared if one), key=lambda one: -one.percent)[:MOST]


def list_candidates(actor: Actor, keys: set[int], *, fewest: int, but: int) -> list[Row[tuple[str, str, str]]]:
    """(slug, title, text) of the cases that share most of the keys and that the actor may read."""
    shared = (
        select(CaseKey.case_id, func.count().label("count"))
        .where(CaseKey.key.in_(keys))
        .group_by(CaseKey.case_id)
        .having(func.count() >= fewest)
        .subquery()
    )
    shown = func.coalesce(Case.published_number, Case.latest_number)
    statement = (
        select(Case.slug, CaseVersion.title, SearchDocument.text)
        .join(shared, shared.c.case_id == Case.id)
        .join(CaseVersion, and_(CaseVersion.case_id == Case.id, CaseVersion.number == shown))
        .join(SearchDocument, and_(SearchDocument.object_id == Case.id, SearchDocument.kind == indexing.CASE))
        .where(Case.id != but, readable_by(actor))
        .order_by(shared.c.count.desc(), Case.id.desc())
        .limit(CANDIDATES)
    )
    return list(db.session().execute(statement))


def _compare(row: Row[tuple[str, str, str]], parts: dict[str, likeness.Letters]) -> Alike | None:
    """What the text shares with a case, or nothing where it is too little to speak of."""
    other = likeness.stretches_of(likeness.letters_of(row.text))
    shares = {name: likeness.share_of(part, other) for name, part in parts.items()}
    total = sum(share.total for share in shares.values())
    whole = sum(share.count for share in shares.values()) / max(total, 1)
    name = max(fields.SECTIONS, key=lambda one: shares[one].part if _is_long(shares[one]) else 0.0)
    taken = shares[name].part if _is_long(shares[name]) else 0.0
    if whole < ALIKE and taken < SECTION_ALIKE:
        return None
    longest = max((share.longest for share in shares.values()), key=len)
    section = Section(name).label if taken >= SECTION_ALIKE and whole < NEARLY_SAME else None
    passage, is_cut = " ".join(longest[:PASSAGE].split()), len(longest) > PASSAGE
    return Alike(row.slug, row.title, round(100 * whole), section, round(100 * taken), passage, is_cut)


def _fewest(sections: Sequence[set[int]]) -> int:
    """How many keys a case shares at least, if it is worth showing for its whole or for one of the long sections."""
    expected = [ALIKE * sum(map(len, sections)), *(SECTION_ALIKE * len(keys) for keys in sections)]
    return max(FEWEST_KEYS, round(min(expected) / 2))


def _is_long(share: Share) -> bool:
    return share.total >= SHORTEST_SECTION
