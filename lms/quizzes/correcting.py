"""Whether a corrected question can judge answers that were given to the old one. Pure.

An answer is stored in terms of the version it was given to: the index of an option. It keeps its meaning as long as the
options are the same ones in the same order, so a correction changes what is right, the texts around it and the
explanations, and the options are put back into the order in which they were answered.
"""

from __future__ import annotations

from dataclasses import replace

from lms.core.errors import Refused
from lms.core.i18n import lazy_gettext as _l
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.multiple import MultipleChoice
from lms.quizzes.kinds.options import Option
from lms.quizzes.kinds.registry import kind_of
from lms.quizzes.kinds.single import SingleChoice
from lms.quizzes.questions import Body, Question


def aligned(old: Question, new: Question) -> Question:
    """Return the corrected question so that answers to the old one mean the same in it.

    :raise Refused: it is of another kind, asks for other options, or is marked by hand.
    """
    if kind_of(old.kind).by_hand or not kind_of(old.kind).counts:
        raise Refused(_l("这种题不按答案自动评分，不能这样更正。"), "text")
    if old.kind != new.kind:
        raise Refused(
            _l(
                "更正后的题型要和原题一样：原题是%(old)s，现在是%(new)s。",
                old=kind_of(old.kind).label,
                new=kind_of(new.kind).label,
            ),
            "text",
        )
    return replace(new, body=_body(old.body, new.body), category="", line=0)


def _body(old: Body, new: Body) -> Body:
    if isinstance(old, SingleChoice) and isinstance(new, SingleChoice):
        return SingleChoice(_in_order(old.options, new.options))
    if isinstance(old, MultipleChoice) and isinstance(new, MultipleChoice):
        return MultipleChoice(_in_order(old.options, new.options))
    if isinstance(old, Matching) and isinstance(new, Matching):
        same_rows = [pair.left for pair in old.pairs] == [pair.left for pair in new.pairs]
        if not same_rows or old.choices != new.choices:
            raise Refused(_l("匹配题的各项和可选的答案要和原题完全一样，否则已有的作答就对不上了。"), "text")
    return new


def _in_order(old: tuple[Option, ...], new: tuple[Option, ...]) -> tuple[Option, ...]:
    by_text = {option.text.text: option for option in new}
    if len(new) != len(old) or set(by_text) != {option.text.text for option in old}:
        raise Refused(_l("选项的文字要和原题一样，只更改哪个正确：否则已有的作答就对不上了。"), "text")
    return tuple(by_text[option.text.text] for option in old)
