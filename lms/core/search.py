"""Finding Chinese text: one and two characters, parts of words, Latin letters and digits, without missing a place.

What is kept of a text is the set of its characters and of its pairs of neighbors. A text that holds a phrase holds all
of its pairs, so that the index answers every candidate; whether the phrase stands there in one piece is then looked up
in the text itself. That misses nothing and adds nothing, whatever the length of phrase or text; positions, which
full-text indexes keep only so far (PostgreSQL up to the 16,383rd, and 255 of one word), are not needed.

SQLite keeps the set in an FTS5 table without content, PostgreSQL as a tsvector under a GIN index. Each character is
spelled in four letters, so that no parser of a database has an opinion on it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    DDL,
    ColumnElement,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    cast,
    delete,
    event,
    func,
    insert,
    literal_column,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from lms.core import db
from lms.core.db import Base

#: Characters of one document; longer texts are cut, which their writers prevent.
LONGEST = 40_000
#: Characters of a query: what is longer is cut.
LONGEST_QUERY = 60
MOST_TERMS = 6

#: The FTS5 table on SQLite; migrations make the same (lms/migrations/full_text.py).
FTS = "search_index"
CREATE_FTS = f"CREATE VIRTUAL TABLE {FTS} USING fts5(grams, content='', detail=none, columnsize=0, tokenize='ascii')"
DROP_FTS = f"DROP TABLE IF EXISTS {FTS}"
#: On PostgreSQL the index is asked by a function with a plan of its own: the planner does not know that reading each
#: row's tsvector means unpacking it, and would read all of them, at a hundred times the cost.
CREATE_HITS = """
CREATE OR REPLACE FUNCTION search_hits(wanted tsquery, pieces text[]) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE ROWS 500 SET enable_seqscan = off AS '
BEGIN
    RETURN QUERY SELECT id FROM search_documents WHERE grams @@ wanted
    AND NOT EXISTS (SELECT 1 FROM unnest(pieces) AS piece WHERE strpos(body, piece) = 0);
END'
"""
DROP_HITS = "DROP FUNCTION IF EXISTS search_hits(tsquery, text[])"


class SearchDocument(Base):
    """A text that can be found, with what it is a text of."""

    __tablename__ = "search_documents"
    __table_args__ = (
        UniqueConstraint("kind", "object_id", name="uq_search_documents_kind_object_id"),
        # Of use on PostgreSQL alone: on SQLite the condition keeps it empty, for there the FTS5 table does the work.
        Index("ix_search_documents_grams", "grams", postgresql_using="gin", sqlite_where=text("id IS NULL")),
        {
            "comment": "检索: texts as they are searched; derived from what they are texts of",
            "sqlite_autoincrement": True,
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="grows with each change of what is found")
    kind: Mapped[str] = mapped_column(String(32), comment="what it is a text of: case, method")
    object_id: Mapped[int] = mapped_column(comment="the identifier of that")
    title: Mapped[str] = mapped_column(String(200), comment="its title, folded: what is found there comes first")
    text: Mapped[str] = mapped_column(Text, comment="the text as people read it, for passages")
    body: Mapped[str] = mapped_column(Text, comment="title, text and other words, folded: what is searched")
    grams: Mapped[str | None] = mapped_column(
        Text().with_variant(TSVECTOR(), "postgresql"), comment="characters and pairs of body; on SQLite in search_index"
    )


_TABLE: Any = SearchDocument.__table__
for moment, statement, on in (
    ("after_create", CREATE_FTS, "sqlite"),
    ("after_create", CREATE_HITS, "postgresql"),
    ("before_drop", DROP_FTS, "sqlite"),
    ("before_drop", DROP_HITS, "postgresql"),
):
    event.listen(_TABLE, moment, DDL(statement).execute_if(dialect=on))  # type: ignore[no-untyped-call]


# Letters


class _Folds(dict[str, str]):
    """Each character as it is compared: full-width as half-width, capital as small; made once."""

    def __missing__(self, char: str) -> str:
        folded = unicodedata.normalize("NFKC", char).casefold() or char
        self[char] = folded = " " if folded.isspace() and char != "\n" else folded.replace("\x00", " ")
        return folded


_FOLDS = _Folds()


def fold(words: str) -> str:
    """The text as it is compared: without the differences of width, case and compatibility, one character at a time."""
    return "".join(map(_FOLDS.__getitem__, unicodedata.normalize("NFC", words)))


def terms(query: str) -> list[str]:
    """The words of a query, folded; each must be found."""
    return list(dict.fromkeys(fold(query[:LONGEST_QUERY]).split()))[:MOST_TERMS]


@lru_cache(maxsize=65536)
def _letters(char: str) -> str:
    """Four letters for a character of the basic plane, five for the others; none begins as another ends."""
    number = ord(char)
    first = number // 26**3
    prefix = "abcd"[first] if number < 0x10000 else "efg"[(number - 0x10000) // 26**4]
    rest = number % 26**3 if number < 0x10000 else (number - 0x10000) % 26**4
    spelled = ""
    for _place in range(3 if number < 0x10000 else 4):
        rest, digit = divmod(rest, 26)
        spelled = chr(97 + digit) + spelled
    return prefix + spelled


def grams(folded: str) -> str:
    """Every character and every pair of neighbors, once each, spelled."""
    spelled = [_letters(char) for char in folded]
    found = set(spelled)
    found.update(map(str.__add__, spelled, spelled[1:]))
    return " ".join(sorted(found))


def _query_grams(term: str) -> list[str]:
    spelled = [_letters(char) for char in term]
    return spelled if len(spelled) == 1 else sorted(set(map(str.__add__, spelled, spelled[1:])))


# Writing


def put(kind: str, object_id: int, *, title: str, content: str, extra: Iterable[str] = ()) -> None:
    """Let the text of an object be found; what was known of it before is forgotten.

    :param extra: words that lead to it and are not shown, as the initials of a name.
    """
    content = content[:LONGEST].replace("\x00", " ")
    body = fold("\n".join((title, content, *extra)))
    if _is_kept(kind, object_id, content, body):
        return
    made = grams(body)
    remove(kind, object_id)
    values = {"kind": kind, "object_id": object_id, "title": fold(title)[:200], "text": content, "body": body}
    on_postgresql = db.dialect() == "postgresql"
    document_id = db.session().scalar(
        insert(SearchDocument).values(**values, grams=made if on_postgresql else None).returning(SearchDocument.id)
    )
    if not on_postgresql:
        _tell_fts("INSERT INTO search_index (rowid, grams) VALUES (:id, :grams)", document_id, made)


def _is_kept(kind: str, object_id: int, content: str, body: str) -> bool:
    """Whether the same is there already: a document's number tells when it last changed."""
    here = (SearchDocument.kind == kind, SearchDocument.object_id == object_id)
    same = (SearchDocument.body == body, SearchDocument.text == content)
    return db.session().scalar(select(SearchDocument.id).where(*here, *same)) is not None


def remove(kind: str, object_id: int) -> None:
    """Let it be found no longer; nothing happens where it was not."""
    here = (SearchDocument.kind == kind, SearchDocument.object_id == object_id)
    row = db.session().execute(select(SearchDocument.id, SearchDocument.body).where(*here)).first()
    if row is None:
        return
    if db.dialect() != "postgresql":
        # A table without content must be told what it is to forget.
        _tell_fts(
            "INSERT INTO search_index (search_index, rowid, grams) VALUES ('delete', :id, :grams)",
            row.id,
            grams(row.body),
        )
    db.session().execute(delete(SearchDocument).where(SearchDocument.id == row.id))


def rebuild() -> int:
    """Make the index anew from the documents, whatever it held; answers of how many."""
    rows = db.session().execute(select(SearchDocument.id, SearchDocument.body)).all()
    if db.dialect() == "postgresql":
        for row in rows:
            db.session().execute(update(SearchDocument).where(_TABLE.c.id == row.id).values(grams=grams(row.body)))
    else:
        db.session().execute(text("INSERT INTO search_index (search_index) VALUES ('delete-all')"))
        for row in rows:
            _tell_fts("INSERT INTO search_index (rowid, grams) VALUES (:id, :grams)", row.id, grams(row.body))
    return len(rows)


def _tell_fts(statement: str, document_id: int | None, made: str) -> None:
    db.session().execute(text(statement), {"id": document_id, "grams": made})


# Finding


def matches(found: Sequence[str]) -> ColumnElement[bool]:
    """The condition on SearchDocument that each of `terms(query)` stands in its body, in one piece."""
    if not found:
        return true()
    tokens = sorted({gram for term in found for gram in _query_grams(term)})
    whole = [term for term in found if len(term) > 2]
    if db.dialect() == "postgresql":
        hits: Any = func.search_hits(cast(" & ".join(tokens), TSQUERY), cast(whole, ARRAY(Text)))
        return SearchDocument.id.in_(select(hits))
    fts: ColumnElement[Any] = literal_column(FTS)
    rows: Any = select(literal_column("rowid")).select_from(text(FTS)).where(fts.op("MATCH")(" AND ".join(tokens)))
    return and_(SearchDocument.id.in_(rows), *(func.instr(SearchDocument.body, term) > 0 for term in whole))


def in_title(found: Sequence[str]) -> ColumnElement[bool]:
    """Whether all of it stands in the title."""
    place = func.strpos if db.dialect() == "postgresql" else func.instr
    return and_(true(), *(place(SearchDocument.title, term) > 0 for term in found))


# Passages


@dataclass(frozen=True)
class Piece:
    """A stretch of a passage; `marked` where it is what was looked for. Text, never HTML: the template escapes it."""

    text: str
    marked: bool


def passage(content: str, found: Sequence[str], *, around: int = 40) -> list[Piece]:
    """The first place in `content` where one of `found` stands, with what is around it; empty where none does."""
    content = unicodedata.normalize("NFC", content)
    places = _places(content, found)
    if not places:
        return []
    start = max(0, places[0][0] - around // 2)
    end = min(len(content), places[0][1] + around)
    start = content.rfind("\n", start, places[0][0]) + 1 or start
    stop = content.find("\n", places[0][1], end)
    end = stop if stop >= 0 else end
    pieces = mark(content[start:end], found)
    head = [Piece("…", False)] if start and content[start - 1] != "\n" else []
    tail = [Piece("…", False)] if end < len(content) and content[end] != "\n" else []
    return [*head, *pieces, *tail]


def mark(content: str, found: Sequence[str]) -> list[Piece]:
    """The whole of `content`, in pieces, every place of `found` marked."""
    content = unicodedata.normalize("NFC", content)
    pieces: list[Piece] = []
    at = 0
    for start, end in _merged(_places(content, found)):
        if start > at:
            pieces.append(Piece(content[at:start], False))
        pieces.append(Piece(content[start:end], True))
        at = end
    if at < len(content):
        pieces.append(Piece(content[at:], False))
    return pieces


def _places(content: str, found: Sequence[str]) -> list[tuple[int, int]]:
    """Where any of `found` stands in NFC `content`, in order. Folding may lengthen characters: places are led back."""
    if not found:
        return []
    quick = unicodedata.normalize("NFKC", content).casefold()
    if len(quick) == len(content) and (places := _occurrences(quick, found)):
        return places
    folded = [_FOLDS[char] for char in content]
    back = [index for index, part in enumerate(folded) for _char in part]
    return [(back[start], back[end - 1] + 1) for start, end in _occurrences("".join(folded), found)]


def _occurrences(folded: str, found: Sequence[str]) -> list[tuple[int, int]]:
    places = []
    for term in found:
        at = folded.find(term)
        while at >= 0:
            places.append((at, at + len(term)))
            at = folded.find(term, at + len(term))
    return sorted(places)


def _merged(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in places:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
