"""Cases that say nearly the same as a draft: shown to whoever writes it, among the cases that they may read.

Candidates share a phrase with the draft, which the search index knows; then the pairs of neighboring characters of
both are compared (Jaccard: what they share, of what either has).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import or_, select

from lms.cases import indexing
from lms.cases.access import readable_by
from lms.cases.models import Case
from lms.core import db, search
from lms.core.search import SearchDocument
from lms.core.web import Actor
from lms.drafts import fields
from lms.drafts.models import CaseDraft

PHRASES = 8
PHRASE = 8
MOST = 30
ALIKE = 0.3
NEARLY_SAME = 0.6
_SPLIT = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Alike:
    """A case like the draft; `percent` of the pairs of characters in both are in each."""

    slug: str
    title: str
    percent: int

    @property
    def is_nearly_same(self) -> bool:
        return self.percent >= NEARLY_SAME * 100


def list_alike(actor: Actor, draft: CaseDraft) -> list[Alike]:
    """The cases most like the draft, at most five."""
    text = "\n".join(getattr(draft, name) for name in ("title", "summary", *fields.SECTIONS))
    phrases = phrases_of(text)
    if not phrases:
        return []
    statement = (
        select(Case.slug, SearchDocument.title, SearchDocument.body)
        .join(Case, Case.id == SearchDocument.object_id)
        .where(SearchDocument.kind == indexing.CASE, Case.id != draft.case_id, readable_by(actor))
        .where(or_(*(search.matches([phrase]) for phrase in phrases)))
        .order_by(SearchDocument.id.desc())
        .limit(MOST)
    )
    own = pairs_of(text)
    found = [
        Alike(row.slug, row.title, round(100 * likeness(own, pairs_of(row.body))))
        for row in db.session().execute(statement)
    ]
    return sorted((one for one in found if one.percent >= ALIKE * 100), key=lambda one: -one.percent)[:5]


def phrases_of(text: str) -> list[str]:
    """Some phrases of a text, spread over it: a copy of it will hold most of them."""
    pieces = [piece[:PHRASE] for piece in _SPLIT.split(search.fold(text)) if len(piece) >= PHRASE]
    step = max(1, len(pieces) // PHRASES)
    return list(dict.fromkeys(pieces[::step]))[:PHRASES]


def pairs_of(text: str) -> frozenset[str]:
    """Every pair of neighboring letters, spaces and marks left out."""
    letters = "".join(filter(str.isalnum, search.fold(text)))
    return frozenset(map("".join, pairwise(letters)))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0
