"""What a limited child answered is remembered: to start one costs more than most tests, and it is asked the same again.

Only of functions that depend on nothing but their arguments, and only answers: what a child refuses is tried each time.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from lms.core import limited, markdown_child, pictures, spreadsheets_child
from lms.drafts import word

PURE = (markdown_child.convert, spreadsheets_child.workbook_of, word.CHILD, pictures.CHILD)
MOST = 500


@contextmanager
def remembered_answers() -> Iterator[None]:
    """`limited.run` as it is, but for questions that were answered before."""
    ask = limited.run
    answers: OrderedDict[bytes, bytes] = OrderedDict()

    def run(function: Any, *args: object, **limits: Any) -> Any:
        if function not in PURE:
            return ask(function, *args, **limits)
        question = pickle.dumps((function, args, limits))
        if question not in answers:
            answers[question] = pickle.dumps(ask(function, *args, **limits))
            if len(answers) > MOST:
                answers.popitem(last=False)
        return pickle.loads(answers[question])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limited, "run", run)
        yield
