"""What every kind of question can do, and the small values that pass between it and pages.

A *response* is what a person answered, as JSON, in terms of the author's file (indexes of
options, typed text), never of one page's opaque names: it can be graded without a layout.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeVar

from lms.core.errors import BadInput
from lms.core.i18n import lazy_gettext as _l
from lms.quizzes.chance import Layout
from lms.quizzes.questions import Body, Json, Rich

B = TypeVar("B", bound=Body)

Response = dict[str, Any]
Fields = Mapping[str, Sequence[str]]
"""Form data: each field's values in the order sent."""

ONE = Decimal(1)
ZERO = Decimal(0)
NEARLY_ONE = Decimal("0.999")
"""Three thirds written as 33.33333 each are the whole."""


class BadResponse(BadInput):
    """What was sent is no answer to this question: 400, and nothing is stored."""


@dataclass(frozen=True, slots=True)
class OptionView:
    """One thing to choose: ``name`` is opaque and differs from attempt to attempt."""

    name: str
    label: Rich | str


@dataclass(frozen=True, slots=True)
class InputView:
    """All that a page may know of a question before it is submitted, besides its text.

    ``rows`` are what a matching question asks for, each answered by one of ``options``.
    """

    template: str
    options: tuple[OptionView, ...] = ()
    rows: tuple[OptionView, ...] = ()
    max_length: int = 0


@dataclass(frozen=True, slots=True)
class Filled:
    """A saved response in the names of one page, to fill its inputs again."""

    chosen: tuple[str, ...] = ()
    text: str = ""
    pairs: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """How right a response is: 0 to 1, or None while a person must mark it."""

    fraction: Decimal | None
    feedback: tuple[Rich, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One line of a review: an option, an accepted answer or a pair, and what it was worth.

    ``verdict`` is ``right``, ``partly`` or ``wrong``: of the option itself, not of the choice.
    """

    label: Rich | str
    verdict: str
    chosen: bool = False
    feedback: Rich | None = None
    given: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """What is shown after submission: one's own answer, the right one, each option's reason."""

    lines: tuple[ReviewLine, ...] = ()
    given: str = ""
    right: tuple[Rich | str, ...] = ()
    feedback: tuple[Rich, ...] = ()


class Kind(ABC, Generic[B]):
    """A kind of question. To add one: a file here, a template, a line in ``registry``."""

    name: ClassVar[str]
    template: ClassVar[str]
    label: ClassVar[Any]
    """Lazy string: the kind's name for people."""
    counts: ClassVar[bool] = True
    """Whether it is answered and counts towards the score (a description is not)."""
    by_hand: ClassVar[bool] = False
    """Whether a trainer marks it."""

    @abstractmethod
    def to_json(self, body: B) -> Json:
        """Return the body as it is stored."""

    @abstractmethod
    def from_json(self, data: Json) -> B:
        """Return the body that ``to_json`` wrote."""

    @abstractmethod
    def view(self, body: B, layout: Layout) -> InputView:
        """Return what the browser may see: nothing in it may tell right from wrong."""

    @abstractmethod
    def read(self, body: B, layout: Layout, fields: Fields, field: str) -> Response | None:
        """Return the response in form data, or None where nothing was answered.

        :raise BadResponse: it is no possible answer to this question.
        """

    @abstractmethod
    def fill(self, body: B, layout: Layout, response: Response) -> Filled:
        """Return a stored response in the names of the page."""

    @abstractmethod
    def grade(self, body: B, response: Response | None) -> Grade:
        """Return how right a response is; no response is worth nothing."""

    @abstractmethod
    def review(self, body: B, response: Response | None) -> Review:
        """Return what to show after submission."""


UNKNOWN_OPTION = _l("这个选项不属于本题，请刷新页面后重新作答。")
ONE_ANSWER_ONLY = _l("本题只能有一个答案。")
TOO_LONG = _l("回答太长，请缩短后再保存。")
NOT_TEXT = _l("回答里有无法保存的字符。")


def one_value(fields: Fields, field: str) -> str:
    """Return the single value of a field, or '' where it is absent.

    :raise BadResponse: it was sent more than once.
    """
    values = fields.get(field, ())
    if len(values) > 1:
        raise BadResponse(ONE_ANSWER_ONLY)
    return values[0] if values else ""


def clean_text(text: str, max_length: int) -> str:
    """Return typed text with its line ends made even, stripped.

    :raise BadResponse: longer than ``max_length`` characters, or with control characters
        that are neither tab nor newline, or half of a surrogate pair.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > max_length:
        raise BadResponse(TOO_LONG)
    if any((ch < " " and ch not in "\n\t") or "\ud800" <= ch <= "\udfff" for ch in text):
        raise BadResponse(NOT_TEXT)
    return text


def clip(fraction: Decimal) -> Decimal:
    """Return a fraction held between 0 and 1, with three thirds taken as the whole."""
    if fraction >= NEARLY_ONE:
        return ONE
    return max(fraction, ZERO)


def verdict_of(weight: Decimal) -> str:
    """Return whether an option of this weight (percent) is right, partly right or wrong."""
    if weight >= 100:
        return "right"
    return "partly" if weight > 0 else "wrong"
