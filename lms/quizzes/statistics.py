"""Item analysis (题目分析): what the answers say about a question, not about a person. Pure.

The figures are those of Moodle's quiz report, as its developers publish them on docs.moodle.org, "Quiz statistics
calculations": by x the part (0 to 1) that one sitting earned for the question, by X what it earned for all the others.

facility                  mean of x
discrimination index      C(x, X) / sqrt(V(x) V(X)): the correlation of the question with the rest of its paper
discriminative efficiency C(x, X) / Cmax(x, X), Cmax being the covariance of both in sorted order: the most that these
                          marks could discriminate
standard deviation        sqrt(V(x))
effective weight          sqrt(C(x, T)) / sum of sqrt(C(x, T)) over the paper, T being what the sitting earned in all:
                          which part of the spread of results this question makes. Beside it stands the intended
                          weight, 1 / P for P questions that count the same. Only where all sittings drew the same

Only sittings that drew the question count for it; a question that was drawn and left empty earned nothing. Sums are
`math.fsum`, exact before they are rounded, so that the order of sittings changes nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from math import fsum, sqrt
from types import MappingProxyType
from typing import Any, TypeVar

from lms.core.i18n import lazy_gettext as _l
from lms.quizzes.kinds.matching import Matching
from lms.quizzes.kinds.options import Option
from lms.quizzes.kinds.single import SingleChoice
from lms.quizzes.kinds.true_false import TrueFalse
from lms.quizzes.questions import Body

Key = TypeVar("Key", bound=Hashable)

FEWEST = 10
"""Fewer answers than this say nothing about a question."""
SPREAD = 1e-5
"""Less than this between the best and the worst is how fractions were rounded, not a difference between people."""
HARDLY = 0.25
"""Of all answers at most this part right: nearly nobody."""
MOST = 0.5
"""One wrong option taken by at least this part of all answers dominates."""

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one question; None where they are not defined (one sitting, or no spread)."""

    answers: int
    facility: float
    discrimination: float | None
    efficiency: float | None
    deviation: float | None = None
    #: (effective, intended); the effective one is None where who earns the question earns less in all
    weights: tuple[float | None, float] | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """An option, a pair or a typed answer, and how many gave it. ``verdict``: right, partly or wrong."""

    label: Any
    verdict: str
    count: int
    given: str = ""


@dataclass(frozen=True)
class Finding:
    """Something about a question that its author should look at."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tone(self) -> str:
        """How the page shows it: a doubt about the question is a warning, the rest is only said."""
        return "info" if self.code in {"too_few", "everyone_right"} else "warn"

    @property
    def message(self) -> Any:
        """The sentence, in the reader's language."""
        return SENTENCES[self.code] % self.params if self.params else SENTENCES[self.code]


SENTENCES: Mapping[str, Any] = MappingProxyType(
    {
        "too_few": _l("作答还太少（不到 %(fewest)s 份），数据只能参考，暂时不下结论。"),
        "key_suspect": _l("几乎没有人答对，而多数人选了“%(option)s”：请核对，答案可能标错了。"),
        "negative": _l("总成绩好的人反而更容易答错这道题：请核对答案和题干是否有歧义。"),
        "nobody_right": _l("几乎没有人答对：请看看课程里讲清了没有，题干是否容易误解。"),
        "everyone_right": _l("所有人都答对了：这道题看不出谁学会了、谁没有学会。"),
        "like_guessing": _l("答对的比例不比随便猜高：请看看课程里讲清了没有。"),
    }
)


def analyze(sittings: Iterable[Mapping[Key, float]]) -> dict[Key, Figures]:
    """Return the figures of every question that a sitting drew.

    :param sittings: for each the part, 0 to 1, that each of its questions earned.
    """
    own: dict[Key, list[float]] = {}
    rest: dict[Key, list[float]] = {}
    alike = True
    drawn: Set[Key] | None = None
    for sitting in sittings:
        alike = alike and drawn in (None, sitting.keys())
        drawn = sitting.keys()
        for key, earned in sitting.items():
            own.setdefault(key, []).append(earned)
            rest.setdefault(key, []).append(fsum(value for other, value in sitting.items() if other != key))
    weights = _weights(own) if alike else {}
    return {key: _figures(own[key], rest[key], weights.get(key)) for key in own}


def _figures(own: Sequence[float], rest: Sequence[float], weights: tuple[float | None, float] | None) -> Figures:
    facility = min(max(fsum(own) / len(own), 0.0), 1.0)
    if len(own) < 2:
        return Figures(len(own), facility, None, None)
    if not varies(own):
        return Figures(len(own), facility, None, None, 0.0, weights)
    deviation = sqrt(covariance(own, own))
    if not varies(rest):
        return Figures(len(own), facility, None, None, deviation, weights)
    together = covariance(own, rest)
    spread = deviation * sqrt(covariance(rest, rest))
    most = covariance(sorted(own), sorted(rest))
    discrimination = min(max(together / spread, -1.0), 1.0)
    return Figures(len(own), facility, discrimination, min(together / most, 1.0), deviation, weights)


def _weights(own: Mapping[Key, Sequence[float]]) -> dict[Key, tuple[float | None, float]]:
    """The effective and the intended weight of each question, where every sitting drew them all."""
    totals = [fsum(parts) for parts in zip(*own.values(), strict=True)]
    if not varies(totals):
        return {}
    shared = {key: covariance(parts, totals) for key, parts in own.items()}
    whole = fsum(sqrt(share) for share in shared.values() if share > 0)
    return {
        key: (sqrt(max(share, 0.0)) / whole if share > -(SPREAD**2) else None, 1 / len(own))
        for key, share in shared.items()
    }


def varies(values: Sequence[float]) -> bool:
    """Whether there is a difference between the values that is not one of rounding."""
    return bool(values) and max(values) - min(values) > SPREAD


def covariance(xs: Sequence[float], ys: Sequence[float]) -> float:
    """The sample covariance, with n - 1 below, of two series in step."""
    x_mean, y_mean = fsum(xs) / len(xs), fsum(ys) / len(ys)
    return fsum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys, strict=True)) / (len(xs) - 1)


def guess_score(body: Body) -> float | None:
    """Return what guessing at random earns on average, 0 to 1.

    None for several options at once, where it depends on how many one takes. Typed answers are not guessed.
    """
    if isinstance(body, SingleChoice):
        return float(sum((_worth(option) for option in body.options), Decimal(0)) / len(body.options))
    if isinstance(body, TrueFalse):
        return 0.5
    if isinstance(body, Matching):
        return 1 / len(body.choices)
    return None if body.kind == "multiple" else 0.0


def _worth(option: Option) -> Decimal:
    """What choosing the option earns: a negative weight counts as nothing, as in grading."""
    return max(option.weight, Decimal(0)) / 100


def findings(figures: Figures, choices: Sequence[Choice], guess: float | None) -> list[Finding]:
    """Return what looks faulty, the gravest first; with too few answers only that they are too few.

    :param choices: as chosen; only for questions whose options can be chosen one at a time does one dominate.
    """
    if figures.answers < FEWEST:
        return [Finding("too_few", {"fewest": FEWEST})]
    found = []
    dominating = next((c for c in choices if c.verdict == "wrong" and c.count >= MOST * figures.answers), None)
    if figures.facility <= HARDLY and dominating is not None:
        found.append(Finding("key_suspect", {"option": _short(dominating)}))
    elif figures.facility <= HARDLY and (guess is None or figures.facility < guess or guess == 0):
        found.append(Finding("nobody_right"))
    elif guess and figures.facility <= guess:
        found.append(Finding("like_guessing"))
    if figures.discrimination is not None and figures.discrimination < 0:
        found.append(Finding("negative"))
    if figures.facility == 1:
        found.append(Finding("everyone_right"))
    return found


def _short(choice: Choice) -> str:
    text = str(getattr(choice.label, "text", choice.label))
    return text if len(text) <= 30 else f"{text[:30]}…"
