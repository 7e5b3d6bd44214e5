"""What happens to a question once, when it is published: its texts become safe HTML, its content a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import nh3
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from lms.core import db, markdown
from lms.core.web import Actor
from lms.quizzes.kinds import registry
from lms.quizzes.models import QuestionVersion
from lms.quizzes.questions import Question, Rich, TextFormat, all_rich, map_rich

TAGS = {"p", "br", "b", "strong", "i", "em", "u", "s", "sub", "sup", "code", "pre", "blockquote", "ul", "ol", "li",
        "table", "thead", "tbody", "tr", "th", "td", "span", "div"}  # fmt: skip
"""What an ``[html]`` text may use: no links, pictures, attributes or scripts."""


def with_html(questions: Sequence[Question]) -> list[Question]:
    """Return the questions with the HTML of their ``[markdown]`` and ``[html]`` texts filled in.

    :raise BadInput: a text that cannot be rendered within limits.
    """
    written = [r.text for q in questions for r in all_rich(q) if r.format is TextFormat.MARKDOWN]
    different = list(dict.fromkeys(written))
    rendered = dict(zip(different, markdown.render_all(different), strict=True))

    def fill(rich: Rich) -> Rich:
        if rich.format is TextFormat.MARKDOWN:
            return Rich(rich.text, rich.format, rendered[rich.text])
        if rich.format is TextFormat.HTML:
            return Rich(rich.text, rich.format, nh3.clean(rich.text, tags=TAGS, attributes={}))
        return rich

    return [map_rich(question, fill) for question in questions]


def store(questions: Sequence[Question], *, actor: Actor, now: datetime) -> list[int]:
    """Return the identifiers of the versions that hold these questions, adding those that are new.

    :raise BadInput: a text that cannot be rendered within limits.
    """
    digests = [registry.digest(question) for question in questions]
    known = _known(digests)
    new = {d: q for d, q in zip(digests, questions, strict=True) if d not in known}
    if new:
        rows = [
            {
                "digest": digest,
                "kind": question.kind,
                "content": registry.to_json(question),
                "created_at": now,
                "created_by_id": actor.person_id,
            }
            for digest, question in zip(new, with_html(list(new.values())), strict=True)
        ]
        db.session().execute(_insert().on_conflict_do_nothing(index_elements=["digest"]), rows)
        known = _known(digests)
    return [known[digest] for digest in digests]


def _insert() -> Any:
    return db.on_both(lambda: sqlite.insert(QuestionVersion), lambda: postgresql.insert(QuestionVersion))


def _known(digests: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(digests), 500):  # SQLite takes 32,766 parameters, older builds 999
        chosen = QuestionVersion.digest.in_(digests[start : start + 500])
        rows = db.session().execute(select(QuestionVersion.digest, QuestionVersion.id).where(chosen))
        found |= {row.digest: row.id for row in rows}
    return found
