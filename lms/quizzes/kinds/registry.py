"""All kinds of question by name, and the JSON of a whole question."""

from __future__ import annotations

from typing import Any

from lms.quizzes.kinds.base import Kind
from lms.quizzes.kinds.description import Describe
from lms.quizzes.kinds.essay import Write
from lms.quizzes.kinds.matching import Match
from lms.quizzes.kinds.multiple import Multiple
from lms.quizzes.kinds.numerical import Number
from lms.quizzes.kinds.short_answer import Short
from lms.quizzes.kinds.single import Single
from lms.quizzes.kinds.true_false import Judge
from lms.quizzes.questions import (
    Json,
    Question,
    Rich,
    digest_of,
    map_rich,
    rich_from_json,
    rich_to_json,
)

KINDS: dict[str, Kind[Any]] = {
    kind.name: kind
    for kind in (
        Single(),
        Multiple(),
        Judge(),
        Short(),
        Number(),
        Match(),
        Write(),
        Describe(),
    )
}


def kind_of(name: str) -> Kind[Any]:
    """Return the kind of this name.

    :raise KeyError: there is none: a stored question was written by a newer version.
    """
    return KINDS[name]


def to_json(question: Question) -> Json:
    """Return all of a question but its category and line, which belong to its place."""
    return {
        "stem": question.stem.to_json(),
        "after": question.after,
        "title": question.title,
        "reference": question.reference,
        "tags": list(question.tags),
        "general_feedback": rich_to_json(question.general_feedback),
        "body": kind_of(question.kind).to_json(question.body),
    }


def from_json(kind: str, data: Json) -> Question:
    """Return the question that ``to_json`` wrote."""
    return Question(
        stem=Rich.from_json(data["stem"]),
        body=kind_of(kind).from_json(data["body"]),
        title=data["title"],
        after=data["after"],
        general_feedback=rich_from_json(data["general_feedback"]),
        reference=data["reference"],
        tags=tuple(data["tags"]),
    )


def digest(question: Question) -> str:
    """Return the digest of what its author wrote: rendering again does not change it."""
    bare = map_rich(question, lambda rich: Rich(rich.text, rich.format))
    return digest_of(question.kind, to_json(bare))
